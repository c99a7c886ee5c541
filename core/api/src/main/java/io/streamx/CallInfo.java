package io.streamx;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says which call this is. Any thread may keep and read it. The attributes of a call change, and so does, at a client,
 * what is known only when an instance has been chosen ({@link #instance}, {@link #remoteAddress}, {@link #attempt});
 * the rest is immutable.
 */
public interface CallInfo {
    /** The service as the IDL names it. */
    String service();

    /** The method as the IDL names it. */
    String method();

    /** Unary or one of the three kinds of stream. */
    StreamingMode mode();

    /**
     * The name of the calling service, which clients are given as {@code callerName}. A handler is told what the wire
     * tells: gRPC names the caller, and so do unary calls on TTHeader and TTHeaderFramed. The name is empty in streams
     * on TTHeader, whose Header frame does not name the caller (a cancel does, in its path), in calls on Framed and
     * buffered, and for callers without a name.
     */
    String from();

    /** The name of the called service: at a client its destination name, at a server its name in the IDL. */
    String to();

    /** The other end of the connection; null before a connection is chosen. */
    @Nullable
    SocketAddress remoteAddress();

    /** When the call began on this side. */
    Instant startedAt();

    /**
     * What the call travels on: {@link Transport#GRPC}, or {@link Transport#TTHEADER} for the streams of TTHeader and
     * all carriers of unary calls that are no gRPC. It is null outside a call, and for calls that came through the gateway
     * of {@code streamx-gateway}.
     */
    default @Nullable Transport transport() {
        return null;
    }

    /** What carries a unary call that does not travel on gRPC; null for all other calls. */
    default @Nullable PingPong carrier() {
        return null;
    }

    /**
     * What the call travels on, in one word of lower case for logs, labels and pages: {@code grpc}, {@code ttheader} for
     * streams on TTHeader, and the name of the {@link #carrier} for other unary calls, such as {@code framed}. Calls that
     * came through the gateway of {@code streamx-gateway} have {@code http}, {@code connect}, {@code grpc_web}, {@code
     * events}, {@code json_lines} or {@code websocket}. Outside a call it is {@code unknown}.
     */
    default String protocol() {
        PingPong carrier = carrier();
        if (carrier != null) {
            return carrier.word();
        }
        Transport transport = transport();
        return transport == null ? "unknown" : transport.word();
    }

    /**
     * Which attempt this is at a client, from 1 on. The number is higher when a call that no server can have run is
     * made again, or when middleware calls the next step again with {@link
     * io.streamx.middleware.ClientCall#withAttempt}. At a server it is 1.
     */
    default int attempt() {
        return 1;
    }

    /**
     * The instance that a client has chosen for the call, as {@code host:port} in the words of whoever named it. The
     * text is empty before an instance is chosen, and at a server.
     */
    default String instance() {
        return "";
    }

    /**
     * Whether service and method are in a description that this process has. At a server this is false for calls of
     * unknown methods, whose names are whatever a peer sends; a listener must not keep something for each of these
     * names.
     */
    default boolean isListed() {
        return true;
    }

    /** A value kept with this call; null when there is none. */
    default <T> @Nullable T attribute(AttributeKey<T> key) {
        return null;
    }

    /**
     * Keeps a value with this call, in place of an earlier value of {@code key}. At a server everybody who is given the
     * call sees the value: middleware, handler and listeners. At a client a call that a {@code with} method has made of
     * this one has what was set before it was made.
     *
     * @throws IllegalStateException outside a call
     */
    default <T> void setAttribute(AttributeKey<T> key, @Nullable T value) {
        throw new IllegalStateException("attribute " + key + " set outside a call (expected: within one)");
    }
}
