package io.streamx.opentelemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.server.Server;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a span of each call at its client and at its server, streams and unary calls, and carries the trace from one to the
 * other. One line for each end:
 *
 * <pre>{@code
 * OpenTelemetryTracing tracing = OpenTelemetryTracing.of(openTelemetry);
 * Server.builder().install(tracing);
 * Client.builder("echo").install(tracing);
 * }</pre>
 *
 * <p>The context travels as Kitex' obs-opentelemetry sends and reads it: as transient metainfo on TTHeader, and on gRPC both
 * so and as bare headers, which everybody else's OpenTelemetry knows. Framed and buffered calls have no room for it: their
 * server begins a trace of its own. Handlers run with the context current, and so does what {@code CallContext.wrap} makes.
 *
 * <p>A server's span ends when its handler has returned or the call was refused. A client's span ends when its user has
 * taken the end of the stream or a failure, has cancelled it or has closed it, or when the unary call has returned; the
 * span of a stream that is neither read to its end, cancelled nor closed ends when the garbage collector finds the stream, and
 * does not end while something refers to it.
 *
 * <p>Install it before other middleware that is to run within the span, because the first registered is the outermost.
 * Immutable; one object may be installed into any number of clients and servers; there is nothing to close. Source: OpenTelemetry's
 * semantic conventions for RPC; docs/observability.md.
 */
public final class OpenTelemetryTracing implements Extension {
    private final Tracing tracing;

    private OpenTelemetryTracing(Tracing tracing) {
        this.tracing = tracing;
    }

    /** Tracing with the tracer and the propagators of {@code openTelemetry}, and all else as by default. */
    public static OpenTelemetryTracing of(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** Begins tracing with settings other than the default ones. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(Objects.requireNonNull(openTelemetry, "openTelemetry"));
    }

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(new SpanListener(tracing));
        client.middleware(next -> new ClientSpans(tracing, next));
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(new ServerSpans(tracing, new SpanListener(tracing)));
        server.middleware(ServerSpans::aroundHandler);
    }

    /** Collects settings. A builder is for one thread at a time. */
    public static final class Builder {
        private final OpenTelemetry openTelemetry;
        private boolean kitexNames;
        private boolean businessErrorsAreErrors;
        private boolean messageEvents;
        private final Map<String, String> announced = new LinkedHashMap<>();

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        /**
         * Uses the attributes of Kitex' obs-opentelemetry ({@code rpc.system=kitex}, {@code rpc.service},
         * {@code kitex.recv_size}) in place of those of OpenTelemetry's conventions, for dashboards that show both. False
         * when not set.
         */
        public Builder kitexNames(boolean use) {
            kitexNames = use;
            return this;
        }

        /** Makes a business error an error of the span; as with Kitex the status stays unset when this is not set. */
        public Builder businessErrorsAsErrors(boolean use) {
            businessErrorsAreErrors = use;
            return this;
        }

        /** Adds an event for each message sent and received; false when not set, because a stream may have millions. */
        public Builder messageEvents(boolean use) {
            messageEvents = use;
            return this;
        }

        /**
         * Tells servers who calls, as Kitex' extension does where its resource has such attributes: {@code service.name},
         * {@code service.namespace} and {@code deployment.environment}. Nothing is told when not set.
         *
         * @param namespace empty for none
         * @param environment empty for none
         */
        public Builder announceService(String name, String namespace, String environment) {
            announced.clear();
            putUnlessEmpty(Peer.SERVICE_NAME, name);
            putUnlessEmpty(Peer.SERVICE_NAMESPACE, namespace);
            putUnlessEmpty(Peer.DEPLOYMENT_ENVIRONMENT, environment);
            return this;
        }

        private void putUnlessEmpty(String key, String value) {
            if (!value.isEmpty()) {
                announced.put(key, value);
            }
        }

        /** The extension. */
        public OpenTelemetryTracing build() {
            return new OpenTelemetryTracing(new Tracing(
                    openTelemetry.getTracer("io.streamx"),
                    openTelemetry.getPropagators().getTextMapPropagator(),
                    kitexNames,
                    businessErrorsAreErrors,
                    messageEvents,
                    Map.copyOf(announced),
                    new SpanNames()));
        }
    }
}
