package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What handlers of observations are told of real calls. */
@Timeout(60)
class MicrometerObservationsTest {
    private static final String FIELD = "x-trace-id";

    /** Does with contexts what a tracer does: it sends a field along, and reads what came. */
    private static final class Traces implements ObservationHandler<Observation.Context> {
        private final Map<String, BlockingQueue<Observation.Context>> stopped = new ConcurrentHashMap<>();

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // what carries the fields is not ours to know
        public void onStart(Observation.Context context) {
            if (context instanceof SenderContext sender) {
                sender.getSetter().set(sender.getCarrier(), FIELD, "trace of " + context.getContextualName());
            } else if (context instanceof ReceiverContext receiver) {
                context.put(FIELD, String.valueOf(receiver.getGetter().get(receiver.getCarrier(), FIELD)));
            }
        }

        @Override
        public void onStop(Observation.Context context) {
            ofName(context.getName()).add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        BlockingQueue<Observation.Context> ofName(String name) {
            return stopped.computeIfAbsent(name, unused -> new LinkedBlockingQueue<>());
        }

        /** The next observation of that name that stops: a server's after its reply has left. */
        Observation.Context next(String name) throws InterruptedException {
            Observation.Context context = ofName(name).poll(20, TimeUnit.SECONDS);
            assertThat(context).as(name).isNotNull();
            return context;
        }
    }

    private final Traces traces = new Traces();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final MicrometerObservations observations = MicrometerObservations.to(registry);
    private final OpenEnds ends = new OpenEnds();

    MicrometerObservationsTest() {
        registry.observationConfig().observationHandler(traces);
    }

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Client connect(Server server, Transport transport) {
        return ends.connect(
                server,
                builder -> builder.install(observations).transport(transport).with(more -> {
                    if (transport == Transport.TTHEADER) {
                        more.pingPong(PingPong.TTHEADER_FRAMED);
                    }
                }));
    }

    private @Nullable String currentName() {
        Observation current = registry.getCurrentObservation();
        return current == null ? null : current.getContext().getName();
    }

    private Server serve() {
        return ends.serve(
                EchoService.with(
                        stream -> {
                            for (String text = stream.recv(); text != null; text = stream.recv()) {
                                stream.send(text + " in " + currentName());
                            }
                        },
                        request -> {
                            if (request.equals("business")) {
                                throw new BizStatusException(7, "no more");
                            }
                            if (request.equals("fault")) {
                                throw new IllegalStateException("a fault");
                            }
                            CompletableFuture<String> seen = new CompletableFuture<>();
                            Thread.startVirtualThread(CallContext.current().wrap(() -> {
                                seen.complete(String.valueOf(currentName()));
                            }));
                            return seen.get(20, TimeUnit.SECONDS);
                        }),
                builder -> builder.install(observations));
    }

    private static Map<String, String> keys(Observation.Context context) {
        return context.getLowCardinalityKeyValues().stream()
                .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aUnaryCallIsObservedAtBothEndsAndItsContextTravels(Transport transport) throws Exception {
        Client client = connect(serve(), transport);
        Observation outer = Observation.start("outer", registry);
        try (Observation.Scope scope = outer.openScope()) {
            assertThat(client.<String, String>call(EchoService.SAY, "m", CallOptions.NONE))
                    .isEqualTo(MicrometerObservations.SERVER);
        }

        Observation.Context server = traces.next(MicrometerObservations.SERVER);
        assertThat(server.<String>get(FIELD)).isEqualTo("trace of EchoService/Say");
        Observation.Context caller = traces.next(MicrometerObservations.CLIENT);
        assertThat(caller.getParentObservation()).isEqualTo(outer);
        for (Observation.Context one : new Observation.Context[] {server, caller}) {
            assertThat(one.getContextualName()).isEqualTo("EchoService/Say");
            assertThat(one.getError()).isNull();
            assertThat(keys(one))
                    .containsEntry("side", one == server ? "server" : "client")
                    .containsEntry("service", "EchoService")
                    .containsEntry("method", "Say")
                    .containsEntry("mode", "unary")
                    .containsEntry("code", "ok");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aStreamIsObservedUntilItsUserHasItsEnd(Transport transport) throws Exception {
        Client client = connect(serve(), transport);
        try (var stream = EchoService.bidi(client)) {
            stream.send("a");
            assertThat(stream.recv()).isEqualTo("a in " + MicrometerObservations.SERVER);
            assertThat(traces.ofName(MicrometerObservations.SERVER)).isEmpty();
            stream.closeSend();
            Observation.Context server = traces.next(MicrometerObservations.SERVER);
            assertThat(server.<String>get(FIELD)).isEqualTo("trace of EchoService/Bidi");
            assertThat(traces.ofName(MicrometerObservations.CLIENT)).isEmpty();
            assertThat(stream.recv()).isNull();
        }
        assertThat(keys(traces.next(MicrometerObservations.CLIENT)))
                .containsEntry("mode", "bidirectional")
                .containsEntry("code", "ok");
        assertThat(currentName()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aFailureIsAnErrorAndABusinessErrorIsNone(Transport transport) throws Exception {
        Client client = connect(serve(), transport);

        assertThatThrownBy(() -> client.call(EchoService.SAY, "business", CallOptions.NONE))
                .isInstanceOf(BizStatusException.class);
        for (String name : new String[] {MicrometerObservations.SERVER, MicrometerObservations.CLIENT}) {
            Observation.Context business = traces.next(name);
            assertThat(business.getError()).isNull();
            assertThat(keys(business)).containsEntry("code", "business_error");
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, "fault", CallOptions.NONE))
                .isInstanceOf(RpcException.class);
        for (String name : new String[] {MicrometerObservations.SERVER, MicrometerObservations.CLIENT}) {
            Observation.Context fault = traces.next(name);
            assertThat(fault.getError()).hasMessageContaining("a fault");
            assertThat(keys(fault)).doesNotContainEntry("code", "ok");
        }
    }

    @Test
    void aCallThatCannotBeMadeIsObservedToo() throws Exception {
        Server server = serve();
        Client client = connect(server, Transport.TTHEADER);
        server.close();

        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(RpcException.class);

        assertThat(traces.next(MicrometerObservations.CLIENT).getError()).isNotNull();
    }
}
