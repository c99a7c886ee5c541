package io.streamx.client;

import io.streamx.net.DeadPeers;
import io.streamx.tls.ClientTls;
import io.streamx.wire.Checks;
import io.streamx.wire.Defaults;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be set at a client about its connections: how calls share them, TLS, how many, and limits of the time to make one
 * and to keep it unused. Use {@link Client#builder}, whose builder extends this class and reads its fields. A builder is for one
 * thread at a time.
 */
public abstract sealed class ClientConnectionsBuilder extends ClientCallsBuilder permits Client.Builder {
    ConnectionMode mode = ConnectionMode.MUX;

    @Nullable
    ClientTls tls;

    Duration connectTimeout = Defaults.CONNECT_TIMEOUT;
    Supplier<@Nullable Duration> liveConnectTimeout = () -> null;
    Duration connectionWait = Defaults.CONNECTION_WAIT;
    Duration deadPeerTimeout = Defaults.DEAD_PEER_TIMEOUT;
    Duration idleTimeout = Defaults.CLIENT_IDLE_TIMEOUT;
    int connections = Math.min(Runtime.getRuntime().availableProcessors(), Defaults.MAX_MUX_CONNECTIONS);

    ClientConnectionsBuilder() {}

    /** How streams use connections; multiplexed when not set. {@code SHORT} is for unary calls too. */
    public final Client.Builder connectionMode(ConnectionMode mode) {
        this.mode = Objects.requireNonNull(mode, "mode");
        return self();
    }

    /** Connections use TLS, with those settings; they are in clear text when not set. */
    public final Client.Builder tls(ClientTls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return self();
    }

    /**
     * The time of the network until there is a connection: name lookup, TCP and the TLS handshake. What this process
     * spends before on making itself ready, such as loading classes, does not count; the first TLS handshakes of a
     * process have 3 s more for that. 1 s when not set.
     */
    public final Client.Builder connectTimeout(Duration timeout) {
        connectTimeout = Checks.positive("connectTimeout", timeout);
        return self();
    }

    /**
     * A connect timeout that may change while the client runs. It is asked for with each connection and each unary call,
     * from any thread, so it has to be quick; while it gives null, {@link #connectTimeout} holds.
     */
    public final Client.Builder liveConnectTimeout(Supplier<@Nullable Duration> timeout) {
        liveConnectTimeout = Objects.requireNonNull(timeout, "timeout");
        return self();
    }

    /** How long a call waits for a usable connection; 5 s when not set. */
    public final Client.Builder connectionWait(Duration timeout) {
        connectionWait = Checks.positive("connectionWait", timeout);
        return self();
    }

    /**
     * When a server's system does not answer for so long, its connection is closed and its calls end: by TCP's own
     * probes while nothing is sent, by unacknowledged bytes while something is. 30 s when not set. Zero leaves
     * finding out to the system, which takes hours.
     */
    public final Client.Builder deadPeerTimeout(Duration timeout) {
        deadPeerTimeout = DeadPeers.checked("deadPeerTimeout", timeout);
        return self();
    }

    /** How long a connection may be without a call before it is closed; 1 min when not set. */
    public final Client.Builder idleTimeout(Duration timeout) {
        idleTimeout = Checks.positive("idleTimeout", timeout);
        return self();
    }

    /**
     * How many connections to an instance streams share, and multiplexed calls likewise; one for each processor and
     * at most 4 when not set.
     */
    public final Client.Builder connections(int connections) {
        this.connections = Checks.positive("connections", connections);
        return self();
    }
}
