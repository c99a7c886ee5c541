package io.streamx.server;

import io.streamx.net.DeadPeers;
import io.streamx.tls.ServerTls;
import io.streamx.wire.Checks;
import io.streamx.wire.Defaults;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be set at a server about its connections: from where it takes them, TLS, how many, and limits of the time in which
 * nothing comes. Use {@link Server#builder}, whose builder extends this class and reads its fields. A builder is for one thread
 * at a time.
 */
public abstract sealed class ServerConnectionsBuilder extends ServerCallsBuilder permits Server.Builder {
    @Nullable
    InetAddress bindAddress;

    @Nullable
    ServerTls tls;

    Duration idleTimeout = Defaults.SERVER_IDLE_TIMEOUT;
    Duration readTimeout = Defaults.READ_TIMEOUT;
    Duration deadPeerTimeout = Defaults.DEAD_PEER_TIMEOUT;
    int maxConnections = Integer.MAX_VALUE;

    ServerConnectionsBuilder() {}

    /** The local address to listen on; all when not set. */
    public final Server.Builder bindAddress(InetAddress address) {
        bindAddress = Objects.requireNonNull(address, "address");
        return self();
    }

    /** Connections are to begin with TLS, with those settings; all are in clear text when not set. */
    public final Server.Builder tls(ServerTls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return self();
    }

    /** How long a connection may be without a call before it is closed; 10 min when not set. */
    public final Server.Builder idleTimeout(Duration timeout) {
        idleTimeout = Checks.positive("idleTimeout", timeout);
        return self();
    }

    /**
     * How long a unary message, or the first bytes of any connection, may take from its first byte to its last; a
     * large message has a second more for every 64 KiB that came. A connection on which a message takes longer is
     * closed. 5 s when not set.
     */
    public final Server.Builder readTimeout(Duration timeout) {
        readTimeout = Checks.positive("readTimeout", timeout);
        return self();
    }

    /**
     * When a client's system does not answer for so long, its connection is closed: by TCP's own probes while
     * nothing is sent, by unacknowledged bytes while something is. 30 s when not set. Zero leaves finding out to
     * the system, which takes hours.
     */
    public final Server.Builder deadPeerTimeout(Duration timeout) {
        deadPeerTimeout = DeadPeers.checked("deadPeerTimeout", timeout);
        return self();
    }

    /**
     * How many connections the server has at once; further ones are closed as they come, with a line in the log.
     * When not set, only the descriptors of the process bound them.
     */
    public final Server.Builder maxConnections(int connections) {
        maxConnections = Checks.positive("maxConnections", connections);
        return self();
    }
}
