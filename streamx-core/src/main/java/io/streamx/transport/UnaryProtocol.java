package io.streamx.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.streamx.engine.Limits;
import io.streamx.service.MethodDescriptor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Unary calls of a client on one carrier. */
public interface UnaryProtocol {
    /** Makes a connected channel speak this protocol. On the event loop. */
    Connection connect(Channel channel, Limits limits, String clientName);

    /** One connection, which carries one call at a time. */
    interface Connection {
        /** The channel underneath. */
        Channel channel();

        /** Whether it takes another call. Any thread. */
        boolean isUsable();

        /**
         * Makes a call; the request is encoded on this thread. The future is completed on the event loop, with a reply
         * to be decoded, and released, by who waits for it.
         */
        <Req> CompletableFuture<Reply> call(MethodDescriptor<Req, ?> method, Req request, Head head);
    }

    /**
     * What goes with a request where the carrier has room for it.
     *
     * @param to the name of the called service
     * @param timeout what the caller allows; null for no limit
     */
    record Head(
            String to,
            Map<String, String> persistents,
            Map<String, String> transients,
            @Nullable Duration timeout) {}

    /**
     * What came back.
     *
     * @param result the bytes of the result struct; null for a oneway call
     * @param entries what came with the reply
     */
    record Reply(@Nullable ByteBuf result, Map<String, String> entries) {}
}
