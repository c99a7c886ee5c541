package io.streamx.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/** A protocol that a server recognises by the first bytes of a connection. */
public interface ServerProtocol {
    /** How many bytes {@link #matches} wants to see. */
    int DETECTION_BYTES = 8;

    /** Whether a connection that begins with these {@link #DETECTION_BYTES} bytes is one of this protocol. */
    boolean matches(ByteBuf firstBytes);

    /** What the first bytes of a connection of this protocol look like, for the log when no protocol matches. */
    String expectation();

    /**
     * The name by which clients choose this protocol in a TLS handshake (ALPN); null when it has none. A connection for
     * which another name was agreed on is not of this protocol. Without ALPN the first bytes decide alone.
     */
    default @Nullable String applicationProtocol() {
        return null;
    }

    /** Whether a client that offers several names in a TLS handshake is answered with this protocol's. */
    default boolean isPreferred() {
        return false;
    }

    /** Adds the protocol's handlers; what has been read already will be fired into the pipeline after it. */
    void install(ChannelPipeline pipeline, ServerRuntime runtime);
}
