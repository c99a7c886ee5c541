package io.streamx.spring;

import io.streamx.PingPong;
import io.streamx.StreamThreads;
import io.streamx.Transport;
import io.streamx.client.ConnectionMode;
import io.streamx.tls.TlsEngine;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of one client, or of all of them.
 *
 * @param service Name the service is registered and found by; the name of the client by default.
 * @param addresses Where the service is, each as host:port.
 * @param resolver Finds the service: the name of a registry below streamx.registry, or of a Resolver bean.
 * @param dns Finds the service by the addresses of a name, as name:port.
 * @param dnsSrv Finds the service by the SRV records of a name.
 * @param kubernetes Finds the service as the endpoints of a service of Kubernetes.
 * @param balancer How the instance of each call is chosen; weighted-round-robin by default.
 * @param slowStart How long an instance that appears while the client runs has less than its weight. For the balancers that
 *     go by weights.
 * @param zone Zone the client runs in, whose instances it prefers.
 * @param connectionMode How streams use connections; mux by default.
 * @param connections Connections that streams share; one for each processor and at most 4 by default.
 * @param callerName Name of the calling service; spring.application.name by default.
 * @param transport What streams travel on. By default TTHeader for Thrift, gRPC for Protobuf.
 * @param pingPong What unary calls travel on; TTHeaderFramed by default.
 * @param multiplexCalls Whether unary calls share connections.
 * @param ssl TLS of connections.
 * @param credentials What proves to servers who calls.
 * @param maxMessage The largest message in either direction; 16MB by default.
 * @param streamBuffer What may wait in memory of one stream, in each direction; 256KB by default.
 * @param connectionBuffer What may wait in memory of all streams of a connection, in each direction; 8MB by default.
 * @param stallTimeout How long an unread stream may hold up its connection while another waits; 5s by default.
 * @param streamThreads What schedules threads that the client makes for its callers.
 * @param connectTimeout From the start of name lookup to a connection, TLS included; 1s by default.
 * @param connectionWait How long a call waits for a usable connection; 5s by default.
 * @param idleTimeout A connection without a call for so long is closed; 1m by default.
 * @param deadPeerTimeout When a server's system does not answer for so long its connection is closed; 30s by default.
 * @param recvTimeout Limit of each recv; none by default.
 * @param recvTimeoutKeepsRemote Whether a stream whose recv ran into its limit runs on at the server.
 * @param timeout Limit of each whole stream or call; none by default.
 * @param silenceWarning After how long a call that waits for nothing is named in the log, 0 for never; 1m by default.
 * @param recordOpeningLines Whether each stream keeps the line that opened it, for the log line about a forgotten one.
 * @param warmUpCode Whether the client runs a call of its own when it is built, so that its first call finds loaded classes; true by
 *     default.
 * @param warmUp Whether connections are made when the client is first injected, instead of at its first call.
 * @param grpc Settings of gRPC alone.
 */
record StreamXClientProperties(
        @Nullable String service,
        @DefaultValue List<String> addresses,
        @Nullable String resolver,
        @Nullable String dns,
        @Nullable String dnsSrv,
        @Nullable Kubernetes kubernetes,
        @Nullable BalancerChoice balancer,
        @Nullable Duration slowStart,
        @Nullable String zone,
        @Nullable ConnectionMode connectionMode,
        @Nullable Integer connections,
        @Nullable String callerName,
        @Nullable Transport transport,
        @Nullable PingPong pingPong,
        @Nullable Boolean multiplexCalls,
        @Nullable Ssl ssl,
        @Nullable Credentials credentials,
        @Nullable DataSize maxMessage,
        @Nullable DataSize streamBuffer,
        @Nullable DataSize connectionBuffer,
        @Nullable Duration stallTimeout,
        @Nullable StreamThreads streamThreads,
        @Nullable Duration connectTimeout,
        @Nullable Duration connectionWait,
        @Nullable Duration idleTimeout,
        @Nullable Duration deadPeerTimeout,
        @Nullable Duration recvTimeout,
        @Nullable Boolean recvTimeoutKeepsRemote,
        @Nullable Duration timeout,
        @Nullable Duration silenceWarning,
        @Nullable Boolean recordOpeningLines,
        @Nullable Boolean warmUpCode,
        @Nullable Boolean warmUp,
        @NestedConfigurationProperty @Nullable StreamXGrpcProperties grpc) {

    /** Whether anything here says where the service is. */
    boolean isLocated() {
        return !addresses.isEmpty() || resolver != null || dns != null || dnsSrv != null || kubernetes != null;
    }

    /** How the instance of each call is chosen. */
    enum BalancerChoice {
        /** Each instance in turn, whatever its weight. */
        ROUND_ROBIN,
        /** Each instance in turn, as often as its weight says. */
        WEIGHTED_ROUND_ROBIN,
        /** An instance by chance, each as often as its weight says. */
        WEIGHTED_RANDOM,
        /** The instance that runs the fewest calls of the client. */
        LEAST_ACTIVE,
        /** The better of two instances, by the time that calls took there. */
        PEAK_EWMA
    }

    /**
     * A service of Kubernetes.
     *
     * @param service Name of the service.
     * @param namespace Namespace of the service; that of the pod by default.
     * @param port Number or name of the port.
     */
    record Kubernetes(String service, @Nullable String namespace, String port) {}

    /**
     * What proves to servers who calls: one of a token, a name with its password, and a bean.
     *
     * @param bearerToken A token that does not change.
     * @param username Name of the caller.
     * @param password Password of the caller.
     * @param bean Name of a bean of the type CallCredentials.
     * @param overClearText Whether they are sent on connections without TLS too.
     */
    record Credentials(
            @Nullable String bearerToken,
            @Nullable String username,
            @Nullable String password,
            @Nullable String bean,
            @DefaultValue("false") boolean overClearText) {
        /** Shows which kinds of credentials are set, and none of the secrets. */
        @Override
        public String toString() {
            return "Credentials[username=" + username + ", bean=" + bean + "]";
        }
    }

    /**
     * TLS of a client.
     *
     * @param enabled Whether connections use TLS; without a bundle they believe whom the JDK believes.
     * @param bundle Name of the SSL bundle with whom to believe, and with the certificate to show where servers ask for one.
     * @param serverName Name to ask for and to find in the server's certificate; the host of the address by default.
     * @param verifyHostname Whether the certificate must be for that name.
     * @param engine What computes; OpenSSL where it is on the class path, else the JDK, by default.
     */
    record Ssl(
            @DefaultValue("true") boolean enabled,
            @Nullable String bundle,
            @Nullable String serverName,
            @DefaultValue("true") boolean verifyHostname,
            @Nullable TlsEngine engine) {}
}
