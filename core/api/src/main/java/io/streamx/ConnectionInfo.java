package io.streamx;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says which connection this is, and what waits on it now. There is one object for each connection. Any thread may keep and
 * read it; all but the bytes that wait is immutable.
 */
public interface ConnectionInfo {
    /** Which end of the connection this process is. */
    Side side();

    /** At a client the name of the service that it was made for; empty at a server, whose services share connections. */
    String service();

    /** This end; null when the connection was gone before it could be asked. */
    @Nullable
    SocketAddress localAddress();

    /** The other end; null when the connection was gone before it could be asked. */
    @Nullable
    SocketAddress remoteAddress();

    /** When the connection was made. */
    Instant openedAt();

    /** At a client the instance that it leads to, as {@code host:port} in the words of whoever named it; empty at a server. */
    default String instance() {
        return "";
    }

    /**
     * How many bytes of messages wait in this process to be sent on it, because the network or the peer takes them more
     * slowly; 0 after its end.
     */
    default long unsentBytes() {
        return 0;
    }

    /** How many bytes of messages have come on it and have not been taken by who receives them; 0 after its end. */
    default long unreadBytes() {
        return 0;
    }

    /** One of the two ends. */
    enum Side {
        /** The end that connected. */
        CLIENT,
        /** The end that accepted the connection. */
        SERVER
    }
}
