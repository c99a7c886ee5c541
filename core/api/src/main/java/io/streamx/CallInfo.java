package io.streamx;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which call this is. Safe to keep and read from any thread. Its attributes change, and at a client what is known only when
 * an instance has been chosen ({@link #instance}, {@link #remoteAddress}, {@link #attempt}); the rest is immutable.
 */
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

    /**
     * What the call travels on: {@link Transport#GRPC}, or {@link Transport#TTHEADER} for the streams of TTHeader and all
     * carriers of unary calls that are no gRPC. Null outside a call.
     */
    default @Nullable Transport transport() {
        return null;
    }

    /** What carries a unary call that does not travel on gRPC; null for all other calls. */
    default @Nullable PingPong carrier() {
        return null;
    }

    /**
     * At a client which attempt this is, from 1 on: higher when a call that no server can have run is made again, or when
     * middleware calls the next step again with {@link io.streamx.middleware.ClientCall#withAttempt}. At a server 1.
     */
    default int attempt() {
        return 1;
    }

    /**
     * At a client the instance that was chosen for the call, as {@code host:port} in the words of who named it; empty before
     * one is chosen, and at a server.
     */
    default String instance() {
        return "";
    }

    /**
     * Whether service and method are in a description that this process has. At a server false for the calls of unknown
     * methods, whose names are whatever a peer sends: a listener must not keep something for each of these names.
     */
    default boolean isListed() {
        return true;
    }

    /** A value kept with this call; null when there is none. */
    default <T> @Nullable T attribute(AttributeKey<T> key) {
        return null;
    }

    /**
     * Keeps a value with this call, in place of an earlier one of that key. At a server everybody who is given the call sees
     * it: middleware, handler and listeners. At a client a call that was made of this one by a {@code with} method has what
     * was set before it was made.
     *
     * @throws IllegalStateException outside a call
     */
    default <T> void setAttribute(AttributeKey<T> key, @Nullable T value) {
        throw new IllegalStateException("attribute " + key + " set outside a call (expected: within one)");
    }
}
