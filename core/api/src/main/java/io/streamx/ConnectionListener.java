package io.streamx;

/**
 * Watches connections, for metrics and logs. Each connection that is told of is told of twice, first its opening and then its
 * end, with one {@link ConnectionInfo} object, never on an event loop. Methods for different connections may run at once. What
 * a listener throws is logged and disturbs nothing.
 */
public interface ConnectionListener {
    /**
     * A connection was made: at a client with its TLS handshake, at a server when it was accepted. Connections that a server
     * turned away at once, because it has too many, are not told of.
     */
    default void onOpen(ConnectionInfo connection) {}

    /** A connection has ended; {@code reason} is a sentence for people, such as that the peer closed it. */
    default void onClose(ConnectionInfo connection, String reason) {}
}
