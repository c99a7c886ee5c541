package io.streamx;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which call this is. Immutable, safe to keep and read from any thread. */
public interface CallInfo {
    /** The service as the IDL names it. */
    String service();

    /** The method as the IDL names it. */
    String method();

    /** Unary or one of the three kinds of stream. */
    StreamingMode mode();

    /**
     * Name of the calling service, which clients are given as {@code callerName}. To a handler what the wire tells: it is
     * there on gRPC and in unary calls on TTHeader and TTHeaderFramed. It is empty in streams on TTHeader, whose Header
     * frame does not name the caller (a cancel does, in its path), on Framed and buffered, and of callers without a name.
     */
    String from();

    /** Name of the called service: at a client its destination name, at a server the IDL service name. */
    String to();

    /** The other end of the connection; null before a connection is chosen. */
    @Nullable
    SocketAddress remoteAddress();

    /** When the call began on this side. */
    Instant startedAt();
}
