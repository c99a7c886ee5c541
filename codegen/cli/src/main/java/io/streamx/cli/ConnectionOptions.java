package io.streamx.cli;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.service.PayloadFormat;
import io.streamx.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command connects to, and how: shared by all commands that call. */
final class ConnectionOptions {
    @Option(
            names = "--transport",
            paramLabel = "ttheader|grpc",
            converter = TransportConverter.class,
            completionCandidates = TransportConverter.Names.class,
            description = "What calls travel on: ttheader is TTHeader Streaming for streams and --carrier for unary"
                    + " methods; grpc is gRPC for both. Default: ttheader for Thrift, grpc for Protobuf.")
    private @Nullable Transport transport;

    @Option(
            names = "--carrier",
            paramLabel = "name",
            converter = CarrierConverter.class,
            completionCandidates = CarrierConverter.Names.class,
            description = "What unary calls travel on: ttheader-framed (the default), ttheader, framed or buffered."
                    + " The last two carry neither metainfo nor business errors.")
    private @Nullable PingPong carrier;

    @Option(
            names = "--registry",
            paramLabel = "url",
            description = "Ask a registry where the service is, whose name then stands in the place of HOST:PORT:"
                    + " etcd://HOST:PORT[,...] (etcds:// with TLS), zookeeper://HOST:PORT[,...], consul://HOST:PORT,"
                    + " nacos://HOST:PORT[,...][?namespace=ID&group=NAME], dns:// (the name is NAME:PORT), dns-srv://;"
                    + " the last two may name a name server.")
    private @Nullable String registry;

    @Option(
            names = "--to",
            paramLabel = "name",
            description = "The service's name in registries, where it is not that of the IDL.")
    private @Nullable String to;

    @Option(
            names = "--from",
            paramLabel = "name",
            defaultValue = "streamx",
            description = "The name of the caller, which cancel paths show. Default: ${DEFAULT-VALUE}.")
    private String from = "streamx";

    @Option(names = "--tls", description = "Use TLS and believe whom the JDK believes.")
    private boolean tls;

    @Option(
            names = "--cacert",
            paramLabel = "file",
            description = "Use TLS and believe the certificates of this PEM file.")
    private @Nullable Path cacert;

    @Option(names = "--cert", paramLabel = "file", description = "Use TLS and show this certificate chain (PEM).")
    private @Nullable Path cert;

    @Option(names = "--key", paramLabel = "file", description = "The PKCS#8 key of --cert (PEM).")
    private @Nullable Path key;

    @Option(
            names = "--key-password",
            paramLabel = "env",
            description = "Name of the environment variable that holds the password of --key.")
    private @Nullable String keyPassword;

    @Option(
            names = "--server-name",
            paramLabel = "host",
            description = "Use TLS and expect a certificate for this host instead of the address.")
    private @Nullable String serverName;

    @Option(names = "--insecure", description = "Use TLS and believe any certificate. For tests alone.")
    private boolean insecure;

    @Option(
            names = "--connect-timeout",
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "Limit of connecting, TLS included. Default: 5s.")
    private @Nullable Duration connectTimeout;

    @Option(
            names = "--max-message-bytes",
            paramLabel = "n",
            description = "The largest message in either direction. Default: 16777216.")
    private @Nullable Integer maxMessageBytes;

    /** The client, which connects at its first call. */
    Client.Builder client(String address, String service, PayloadFormat format) {
        Duration patience = connectTimeout == null ? Duration.ofSeconds(5) : connectTimeout;
        String name = registry == null ? service : address;
        Client.Builder builder = Client.builder(to == null ? name : to)
                .callerName(from)
                // Most commands make one call and end, so that warming up would cost more than it saves.
                .warmUp(false)
                .connections(1)
                .connectTimeout(patience)
                .connectionWait(patience.plusSeconds(1));
        if (registry == null) {
            builder.address(address);
        } else {
            builder.resolver(Registries.resolver(registry, to == null ? name : to));
        }
        if (transport != null) {
            builder.transport(transport);
        }
        if (!isGrpc(format)) {
            builder.pingPong(carrier());
        }
        if (maxMessageBytes != null) {
            builder.maxMessageBytes(maxMessageBytes);
        }
        if (isTls()) {
            builder.tls(clientTls());
        }
        return builder;
    }

    /** Whether unary calls with messages of that format go over gRPC, as streams of Protobuf always do. */
    boolean isGrpc(PayloadFormat format) {
        return transport == null ? carrier == null && format == PayloadFormat.PROTOBUF : transport == Transport.GRPC;
    }

    /** What unary calls travel on that do not go over gRPC. */
    PingPong carrier() {
        return carrier == null ? PingPong.TTHEADER_FRAMED : carrier;
    }

    /** Refuses options that contradict each other. */
    void check() {
        if (transport == Transport.GRPC && carrier != null) {
            throw new BadInputException("--carrier: " + name(carrier)
                    + " (expected: not given with --transport grpc, which carries unary calls, too)");
        }
        if ((cert == null) != (key == null)) {
            throw new BadInputException(
                    (cert == null ? "--key" : "--cert") + ": given alone (expected: both --cert and --key)");
        }
        if (keyPassword != null && key == null) {
            throw new BadInputException("--key-password: given alone (expected: with --key)");
        }
        if (insecure && cacert != null) {
            throw new BadInputException("--insecure: given with --cacert (expected: one of them)");
        }
    }

    private boolean isTls() {
        return tls || insecure || cacert != null || cert != null || serverName != null;
    }

    private ClientTls clientTls() {
        ClientTls.Builder builder = ClientTls.builder();
        if (cacert != null) {
            builder.trust(cacert);
        }
        if (cert != null && key != null) {
            if (keyPassword == null) {
                builder.identity(cert, key);
            } else {
                builder.identity(cert, key, password(keyPassword));
            }
        }
        if (serverName != null) {
            builder.serverName(serverName);
        }
        if (insecure) {
            builder.trust(InsecureTrustManagerFactory.INSTANCE).withoutHostVerification();
        }
        return builder.build();
    }

    private static String password(String variable) {
        String password = System.getenv(variable);
        if (password == null) {
            throw new BadInputException(
                    "--key-password: " + variable + " (expected: the name of an environment variable that is set)");
        }
        return password;
    }

    /** The name of a carrier on the command line. */
    static String name(PingPong carrier) {
        return carrier.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
