package io.streamx;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says which connection this is. Immutable; an object of its own for each connection. */
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

    /** One of the two ends. */
    enum Side {
        /** The end that connected. */
        CLIENT,
        /** The end that accepted the connection. */
        SERVER
    }
}
