package io.streamx.gateway;

import io.streamx.TransportOptions;
import io.streamx.generic.Form;
import io.streamx.generic.GenericService;
import io.streamx.generic.JsonOptions;
import io.streamx.wire.Checks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens a server to HTTP: a server that was given these options serves its services to browsers and to everything else
 * that speaks HTTP, on the port of its other protocols. Without them it serves no HTTP, whatever is on the class path.
 *
 * <pre>{@code
 * Server.builder()
 *         .port(8080)
 *         .service(Chat.bind(handler))
 *         .transportOptions(GatewayOptions.builder().thriftIdl(Path.of("chat.thrift")).build())
 *         .start();
 * }</pre>
 *
 * <p>Options are immutable, and one object may be given to any number of servers. docs/gateway.md says what clients send and
 * get.
 */
public final class GatewayOptions implements TransportOptions {
    /** The largest request line, and the largest sum of the headers of a request, when not set: 16 KiB each. */
    public static final int MAX_HEADER_BYTES = 16 << 10;
    /** After how long without a byte a stream of events gets a heartbeat when not set. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** After how long without a request a connection is closed when not set. */
    public static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

    /** Stands for options that nobody has set. */
    static final GatewayOptions NONE = new Builder().build();

    private final List<GenericService> thriftServices;
    private final Form<String> thriftForm;
    private final Set<String> allowedOrigins;
    private final boolean credentialsAllowed;
    private final String pathPrefix;
    private final Duration heartbeat;
    private final Duration idleTimeout;
    private final int maxHeaderBytes;
    private final @Nullable Integer maxRequestBytes;
    private final boolean http1Preferred;
    private final boolean tryItPage;
    private final boolean tryItPageOpen;
    private final Map<String, String> protobufComments;

    private GatewayOptions(Builder builder) {
        thriftServices = List.copyOf(builder.thriftServices);
        thriftForm = Form.json(JsonOptions.DEFAULT.withLongsAsStrings(builder.longsAsStrings));
        allowedOrigins = Set.copyOf(builder.allowedOrigins);
        credentialsAllowed = builder.credentialsAllowed;
        pathPrefix = builder.pathPrefix;
        heartbeat = builder.heartbeat;
        idleTimeout = builder.idleTimeout;
        maxHeaderBytes = builder.maxHeaderBytes;
        maxRequestBytes = builder.maxRequestBytes;
        http1Preferred = builder.http1Preferred;
        tryItPage = builder.tryItPage;
        tryItPageOpen = builder.tryItPageOpen;
        protobufComments = Map.copyOf(builder.protobufComments);
        if (credentialsAllowed && allowedOrigins.contains("*")) {
            throw new IllegalArgumentException(
                    "allowCredentials: with every origin allowed (expected: the origins by name, since any site could"
                            + " act for a user who is logged in here)");
        }
    }

    /** Begins options in which nothing is set. */
    public static Builder builder() {
        return new Builder();
    }

    List<GenericService> thriftServices() {
        return thriftServices;
    }

    Form<String> thriftForm() {
        return thriftForm;
    }

    /** The origins whose pages may call; {@code *} for all. */
    Set<String> allowedOrigins() {
        return allowedOrigins;
    }

    boolean credentialsAllowed() {
        return credentialsAllowed;
    }

    /** Empty, or a path that begins with a slash and ends without one. */
    String pathPrefix() {
        return pathPrefix;
    }

    Duration heartbeat() {
        return heartbeat;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    /** The largest message of a request, for a server whose largest message is {@code maxMessageBytes}. */
    int maxRequestBytes(int maxMessageBytes) {
        return maxRequestBytes == null ? maxMessageBytes : maxRequestBytes;
    }

    boolean http1Preferred() {
        return http1Preferred;
    }

    /** Whether there is a page to try the services on. */
    boolean hasTryItPage() {
        return tryItPage;
    }

    /** Whether the page is for browsers on other machines too. */
    boolean isTryItPageOpen() {
        return tryItPageOpen;
    }

    /** The comments of Protobuf services, methods, messages, fields and enums, by their full names. */
    Map<String, String> protobufComments() {
        return protobufComments;
    }

    /** Collects options. A builder is for one thread at a time. */
    public static final class Builder {
        private final List<GenericService> thriftServices = new ArrayList<>();
        private boolean longsAsStrings = true;
        private final Set<String> allowedOrigins = new LinkedHashSet<>();
        private boolean credentialsAllowed;
        private String pathPrefix = "";
        private Duration heartbeat = HEARTBEAT;
        private Duration idleTimeout = IDLE_TIMEOUT;
        private int maxHeaderBytes = MAX_HEADER_BYTES;
        private @Nullable Integer maxRequestBytes;
        private boolean http1Preferred;
        private boolean tryItPage;
        private boolean tryItPageOpen;
        private final Map<String, String> protobufComments = new HashMap<>();

        private Builder() {}

        /**
         * The IDL of Thrift services, without which nobody knows what their JSON looks like. Protobuf services need none.
         *
         * @param idl the file, all of whose services are taken
         * @param includeDirs folders to look for includes in, beside the folder of {@code idl}
         * @throws IllegalArgumentException naming each mistake of the IDL with file, line and column
         */
        public Builder thriftIdl(Path idl, Path... includeDirs) {
            thriftServices.addAll(GenericService.loadAll(idl, includeDirs));
            return this;
        }

        /** A Thrift service whose IDL has been read already. */
        public Builder thriftIdl(GenericService service) {
            thriftServices.add(Objects.requireNonNull(service, "service"));
            return this;
        }

        /**
         * Whether an i64 of Thrift is a string in the JSON that is sent, as it is in the JSON of Protobuf: the numbers of
         * browsers lose digits beyond 2^53. True when not set. Both forms are taken.
         */
        public Builder longsAsStrings(boolean strings) {
            longsAsStrings = strings;
            return this;
        }

        /**
         * An origin whose pages may call this server (CORS), such as {@code https://app.example.com}; {@code *} for every
         * origin. When none is set, the pages of other origins are refused, with streams and WebSocket too.
         */
        public Builder allowOrigin(String origin) {
            if (!origin.equals("*") && !isOrigin(origin)) {
                throw new IllegalArgumentException("allowOrigin: " + origin
                        + " (expected: scheme://host or scheme://host:port, without a path, or *)");
            }
            allowedOrigins.add(origin);
            return this;
        }

        private static boolean isOrigin(String text) {
            try {
                URI uri = URI.create(text);
                return uri.getScheme() != null
                        && uri.getHost() != null
                        && text.equals(uri.getScheme() + "://" + uri.getRawAuthority());
            } catch (IllegalArgumentException noUri) {
                return false;
            }
        }

        /**
         * Whether the pages of allowed origins may send cookies and the like. False when not set; not with every origin
         * allowed.
         */
        public Builder allowCredentials(boolean allow) {
            credentialsAllowed = allow;
            return this;
        }

        /** What stands before the names in each path, {@code /api} for {@code /api/Chat/Ask}; nothing when not set. */
        public Builder pathPrefix(String prefix) {
            if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
                throw new IllegalArgumentException("pathPrefix: " + prefix
                        + " (expected: a path such as /api, with a slash before and none behind)");
            }
            pathPrefix = prefix;
            return this;
        }

        /**
         * After how long without a byte a stream of events gets a comment, and a WebSocket a ping, so that nobody on the way
         * takes the connection for dead; 15 s when not set.
         */
        public Builder heartbeat(Duration interval) {
            heartbeat = Checks.positive("heartbeat", interval);
            return this;
        }

        /** After how long without a request a connection is closed; 1 min when not set. */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = Checks.positive("idleTimeout", timeout);
            return this;
        }

        /** The largest request line, and the largest sum of the headers of a request; 16 KiB when not set. */
        public Builder maxHeaderBytes(int bytes) {
            maxHeaderBytes = Checks.positive("maxHeaderBytes", bytes);
            return this;
        }

        /** The largest message of a request, compressed or not; the server's largest message when not set. */
        public Builder maxRequestBytes(int bytes) {
            maxRequestBytes = Checks.positive("maxRequestBytes", bytes);
            return this;
        }

        /**
         * Whether a client that offers HTTP/2 and HTTP/1.1 in a TLS handshake gets HTTP/1.1. Browsers offer both, and have
         * WebSockets over either. Some clients of gRPC offer both too, such as connect-go, and cannot call over HTTP/1.1; most
         * offer HTTP/2 alone. False when not set.
         */
        public Builder preferHttp1(boolean prefer) {
            http1Preferred = prefer;
            return this;
        }

        /**
         * Whether the server has a page at {@code /streamx/try/} on which people look at its services and call them. The page
         * shows names, comments and types, and no setting. It is for browsers on the server's own machine, which ask for it as
         * localhost or by a loopback address. Behind a proxy on that machine everybody looks so: leave the path out there.
         * False when not set.
         */
        public Builder tryItPage(boolean show) {
            tryItPage = show;
            return this;
        }

        /**
         * Whether the server has the page of {@link #tryItPage} for everybody who reaches the server. Whoever sees the page
         * sees the names and types of all services; which of them may be called is decided as for every other request.
         */
        public Builder tryItPageForEverybody(boolean show) {
            tryItPage = show;
            tryItPageOpen = show;
            return this;
        }

        /**
         * The comments of Protobuf services, messages and fields, which the try-it page shows. The classes that protoc makes do not
         * carry them; a file of {@code protoc --include_imports --include_source_info --descriptor_set_out=FILE} does. Several
         * files may be given. None when not set.
         *
         * @throws IllegalArgumentException when {@code descriptorSet} cannot be read or has no comments
         */
        public Builder protobufComments(Path descriptorSet) {
            protobufComments.putAll(ProtobufComments.read(descriptorSet));
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when credentials are allowed together with every origin
         */
        public GatewayOptions build() {
            return new GatewayOptions(this);
        }
    }
}
