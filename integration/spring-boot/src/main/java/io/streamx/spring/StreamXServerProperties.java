package io.streamx.spring;

import io.streamx.StreamThreads;
import io.streamx.tls.TlsEngine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the server of the application.
 *
 * @param enabled Whether services of the application are served.
 * @param port Port to listen on; 0 for a free one.
 * @param address Local address to listen on; all of them by default.
 * @param ssl TLS of connections.
 * @param maxMessage The largest message in either direction; 16MB by default.
 * @param streamBuffer What may wait in memory of one stream, in each direction; 256KB by default.
 * @param connectionBuffer What may wait in memory of all streams of a connection, in each direction; 8MB by default.
 * @param stallTimeout How long an unread stream may hold up its connection while another waits; 5s by default.
 * @param streamThreads What schedules the threads of handlers.
 * @param maxConcurrentStreams Streams at once on one connection; 10000 by default.
 * @param maxConnections Connections at once; any number by default.
 * @param maxRunningCalls Handlers that run at once; any number by default.
 * @param recvTimeout Limit of each recv of a handler; none by default.
 * @param sendTimeout How long a send of a handler waits while its caller takes nothing; 5m by default.
 * @param streamTimeout Limit of each whole stream; none by default.
 * @param streamIdleTimeout A stream ends when no message went in either direction for so long; never by default.
 * @param unaryTimeout Limit of each handler of a unary method; none by default.
 * @param lateHandlerWarning A handler that runs on so long after its call has ended is named in the log; 10s by default, 0 for
 *     never.
 * @param keepCallerTimeout Whether handlers of unary TTHeader calls are held to the time that their caller allows.
 * @param shutdownWindow How long running calls may take to finish when the application ends. By default what
 *     spring.lifecycle.timeout-per-shutdown-phase allows, less a little for ending what is left.
 * @param leaveDelay How long a server that has left its registries serves on before it closes its port; 6s by default.
 * @param warmUpCode Whether the server runs a call of its own before it listens, so that the first caller finds loaded classes; true
 *     by default.
 * @param idleTimeout A connection without a call for so long is closed; 10m by default.
 * @param readTimeout How long a unary message, or the first bytes of a connection, may take from first to last; 5s by default.
 * @param deadPeerTimeout When a client's system does not answer for so long its connection is closed; 30s by default.
 * @param requireServiceName Whether calls are refused that do not name one service of the server.
 * @param registries Where the server makes itself known: names of registries below streamx.registry, or of Registry beans.
 * @param advertise What it makes known of itself.
 * @param grpc Settings of gRPC alone.
 * @param health The health service of gRPC.
 * @param reflection The reflection service of gRPC.
 */
@ConfigurationProperties("streamx.server")
record StreamXServerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("8888") int port,
        @Nullable InetAddress address,
        @Nullable Ssl ssl,
        @Nullable DataSize maxMessage,
        @Nullable DataSize streamBuffer,
        @Nullable DataSize connectionBuffer,
        @Nullable Duration stallTimeout,
        @Nullable StreamThreads streamThreads,
        @Nullable Integer maxConcurrentStreams,
        @Nullable Integer maxConnections,
        @Nullable Integer maxRunningCalls,
        @Nullable Duration recvTimeout,
        @Nullable Duration sendTimeout,
        @Nullable Duration streamTimeout,
        @Nullable Duration streamIdleTimeout,
        @Nullable Duration unaryTimeout,
        @Nullable Duration lateHandlerWarning,
        @Nullable Boolean keepCallerTimeout,
        @Nullable Duration shutdownWindow,
        @Nullable Duration leaveDelay,
        @Nullable Boolean warmUpCode,
        @Nullable Duration idleTimeout,
        @Nullable Duration readTimeout,
        @Nullable Duration deadPeerTimeout,
        @DefaultValue("false") boolean requireServiceName,
        @DefaultValue List<String> registries,
        @DefaultValue Advertise advertise,
        @NestedConfigurationProperty @Nullable StreamXGrpcProperties grpc,
        @DefaultValue Health health,
        @DefaultValue Reflection reflection) {

    /**
     * TLS of the server.
     *
     * @param bundle Name of the SSL bundle with its certificate, and with whom it believes where clients show theirs.
     * @param clientAuth Whether clients are asked for a certificate.
     * @param allowClearText Whether connections without TLS are served too.
     * @param engine What computes; OpenSSL where it is on the class path, else the JDK, by default.
     */
    record Ssl(
            String bundle,
            @DefaultValue("none") ClientAuth clientAuth,
            @DefaultValue("false") boolean allowClearText,
            @Nullable TlsEngine engine) {}

    /** Whether clients are asked for a certificate. */
    enum ClientAuth {
        /** Clients are not asked for a certificate. */
        NONE,
        /** Clients are asked for a certificate, and served without one too. */
        WANT,
        /** Clients without a certificate are refused. */
        NEED
    }

    /**
     * What a server makes known of itself.
     *
     * @param service Name that clients look for; the name of the first service by default.
     * @param address host:port, or a host alone, that clients can reach; found out by default.
     * @param weight Share of the calls beside other instances.
     * @param tags Whatever else clients are told, such as the zone.
     */
    record Advertise(
            @Nullable String service,
            @Nullable String address,
            @DefaultValue("10") double weight,
            @Name("tags") @DefaultValue Map<String, String> tags) {}

    /**
     * The health service of gRPC.
     *
     * @param enabled Whether it is served when streamx-grpc-services is on the class path.
     */
    record Health(@DefaultValue("true") boolean enabled) {}

    /**
     * The reflection service of gRPC.
     *
     * @param enabled Whether it is served when streamx-grpc-services is on the class path.
     */
    record Reflection(@DefaultValue("true") boolean enabled) {}
}
