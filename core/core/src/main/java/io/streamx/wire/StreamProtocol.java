package io.streamx.wire;

import io.netty.channel.Channel;
import io.streamx.RpcException;
import io.streamx.middleware.MetaListener;
import io.streamx.service.MethodDescriptor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Streams of a client on one wire. */
public interface StreamProtocol {
    /** The errors of streams that are not opened. */
    Failures failures();

    /**
     * What a client offers for this protocol in a TLS handshake (ALPN), and the server has to agree to; null for
     * nothing.
     */
    default @Nullable String applicationProtocol() {
        return null;
    }

    /** Makes a connected channel speak this protocol. On the event loop. */
    Connection connect(Channel channel, Settings settings);

    /**
     * What a client gives each of its connections.
     *
     * @param hosts makes the engine's side of a connection
     * @param clientName the calling service, for cancel paths and the like
     * @param metaListener hears of what proxies say about streams
     * @param transportOptions what was set for single transports
     */
    record Settings(
            StreamHost.Factory hosts,
            Limits limits,
            String clientName,
            @Nullable MetaListener metaListener,
            TransportOptionsByType transportOptions) {}

    /** One connection. */
    interface Connection {
        /** The engine's side of this connection. */
        StreamHost streams();

        /** Whether this connection takes new streams. Any thread. */
        boolean isUsable();

        /**
         * A stream that is not yet open. On the caller's thread.
         *
         * @throws RpcException or IllegalArgumentException when what is to be sent first breaks a limit
         */
        ClientWire newStream(Opening opening);
    }

    /**
     * What the opening of a stream says.
     *
     * @param method the method that is called; the stream of a unary one carries one message each way
     * @param to the name of the called service, the one it is found by
     * @param persistents metainfo for the whole chain of calls
     * @param transients metainfo for the next hop
     * @param entries what the user's hooks add
     * @param deadlineNanos when the caller gives up, by the {@link TimeSource} of the client; null for never
     * @param compression name of what the call's messages are compressed with; null where the call does not say
     */
    record Opening(
            MethodDescriptor<?, ?> method,
            String to,
            Map<String, String> persistents,
            Map<String, String> transients,
            @Nullable Long deadlineNanos,
            OpeningEntries entries,
            @Nullable String compression) {}
}
