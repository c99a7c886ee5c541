package io.streamx.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.middleware.ClientCall;
import io.streamx.middleware.ClientMiddleware;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ContextStorage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes an observation of Micrometer of each call at its client and at its server, streams and unary calls, for the handlers that
 * an application has in its registry: those of Micrometer Tracing make spans of them, for instance. One line for each end:
 *
 * <pre>{@code
 * MicrometerObservations observations = MicrometerObservations.to(registry);
 * Server.builder().install(observations);
 * Client.builder("echo").install(observations);
 * }</pre>
 *
 * <p>The observations are {@value #CLIENT} and {@value #SERVER}, with the keys of the meters ({@link MeterNames#SERVICE} and the
 * others that all calls have) and, when they stop, {@link MeterNames#CODE}. A failure is an error of its observation, but for
 * business errors. They stop when the unary call has returned, when the user of a stream has taken its end or a failure, cancelled
 * or closed it, and when a handler has returned. Handlers run with their observation current, and so does what {@code
 * CallContext.wrap} makes; calls made there are its children.
 *
 * <p>The context of a client's observation is a {@link SenderContext}, that of a server's a {@link ReceiverContext}: what handlers
 * write into the first, such as a trace, handlers read from the second. It travels as transient metainfo on TTHeader, and on gRPC both
 * so and as headers. Framed and buffered calls have no room for it.
 *
 * <p>Install it before other middleware that is to run within the observation, because the first registered is the outermost. Where {@code
 * OpenTelemetryTracing} is installed too, a registry whose handlers make spans makes a second one of each call. One object may be
 * installed into any number of clients and servers; there is nothing to close.
 */
public final class MicrometerObservations implements Extension {
    /** The name of a client's observations. */
    public static final String CLIENT = "streamx.client";
    /** The name of a server's observations. */
    public static final String SERVER = "streamx.server";

    private final ObservationRegistry registry;

    private MicrometerObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** Observations for the handlers of {@code registry}. */
    public static MicrometerObservations to(ObservationRegistry registry) {
        return new MicrometerObservations(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(new Ends());
        client.middleware(next ->
                (call, request) -> registry.isNoop() ? next.proceed(call, request) : observed(call, request, next));
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(new Handlers(registry));
        server.middleware(MicrometerObservations::aroundHandler);
    }

    private static ObservedCall start(
            ObservationRegistry registry, Observation.Context context, CallInfo call, String name, String side) {
        return new ObservedCall(Observation.createNotStarted(name, () -> context, registry)
                .contextualName(call.isListed() ? call.service() + "/" + call.method() : MethodMeters.UNKNOWN)
                .lowCardinalityKeyValues(ObservedCall.keyValues(call, side))
                .start());
    }

    // ---- clients ----

    private @Nullable Object observed(ClientCall call, @Nullable Object request, ClientMiddleware.Step next) {
        Map<String, String> carried = new LinkedHashMap<>();
        SenderContext<Map<String, String>> context = new SenderContext<>(
                (fields, key, value) -> {
                    // Metainfo has no empty values.
                    if (fields != null && !value.isEmpty()) {
                        fields.put(key, value);
                    }
                },
                Kind.CLIENT);
        context.setCarrier(carried);
        context.setRemoteServiceName(call.to());
        ObservedCall observed = start(registry, context, call, CLIENT, "client");
        ClientCall sent = call.withOptions(withFields(call, carried));
        sent.setAttribute(ObservedCall.KEY, observed);
        Object result;
        try (ContextStorage.Scope scope = observed.current()) {
            result = next.proceed(sent, request);
        } catch (Throwable failure) {
            observed.stop(failure);
            throw failure;
        }
        if (call.mode() == StreamingMode.UNARY) {
            observed.stop(null);
        } else {
            observed.handedOut();
        }
        return result;
    }

    private static CallOptions withFields(ClientCall call, Map<String, String> fields) {
        if (fields.isEmpty() || call.carrier() == PingPong.FRAMED || call.carrier() == PingPong.BUFFERED) {
            return call.options();
        }
        CallOptions options = call.options().withTransients(fields);
        return call.transport() == Transport.GRPC ? options.withMetadata(Metadata.of(fields)) : options;
    }

    // ---- servers ----

    private static ServerMiddleware.Step aroundHandler(ServerMiddleware.Step next) {
        return (call, requestOrStream) -> {
            ObservedCall observed = call.attribute(ObservedCall.KEY);
            if (observed == null) {
                return next.proceed(call, requestOrStream);
            }
            try (ContextStorage.Scope scope = observed.current()) {
                return next.proceed(call, requestOrStream);
            }
        };
    }

    /** A field that came with a call; keys of metainfo arrive from gRPC and HTTP in upper case and with {@code _} for {@code -}. */
    private static @Nullable String field(@Nullable CallContext call, String key) {
        if (call == null) {
            return null;
        }
        String entry = call.metadata().first(key);
        if (entry == null) {
            entry = call.transientValue(key);
        }
        return entry == null && call.transport() != Transport.TTHEADER
                ? call.transientValue(key.replace('-', '_').toUpperCase(Locale.ROOT))
                : entry;
    }

    /** Stops the observations of calls that are over. */
    private static class Ends implements CallListener {
        @Override
        public void onStart(CallInfo call) {
            ObservedCall observed = call.attribute(ObservedCall.KEY);
            if (observed != null) {
                observed.started();
            }
        }

        @Override
        public final void onFinish(CallInfo call, Summary summary) {
            ObservedCall observed = call.attribute(ObservedCall.KEY);
            if (observed != null) {
                observed.finished(summary);
            }
        }

        @Override
        public final void onDone(CallInfo call) {
            ObservedCall observed = call.attribute(ObservedCall.KEY);
            if (observed != null) {
                observed.done();
            }
        }
    }

    /** Begins an observation with each call of a server as well. */
    private static final class Handlers extends Ends {
        private final ObservationRegistry registry;

        Handlers(ObservationRegistry registry) {
            this.registry = registry;
        }

        @Override
        public void onStart(CallInfo info) {
            if (registry.isNoop() || !(info instanceof CallContext call)) {
                return;
            }
            ReceiverContext<CallContext> context = new ReceiverContext<>(MicrometerObservations::field, Kind.SERVER);
            context.setCarrier(call);
            context.setRemoteServiceName(call.from());
            ObservedCall observed = start(registry, context, call, SERVER, "server");
            observed.handedOut();
            call.setAttribute(ObservedCall.KEY, observed);
            Supplier<ContextStorage.Scope> others = call.attribute(ContextStorage.SCOPES);
            call.setAttribute(
                    ContextStorage.SCOPES, others == null ? observed::current : () -> both(others.get(), observed));
        }

        private static ContextStorage.Scope both(ContextStorage.Scope outer, ObservedCall observed) {
            ContextStorage.Scope inner = observed.current();
            return () -> {
                inner.close();
                outer.close();
            };
        }
    }
}
