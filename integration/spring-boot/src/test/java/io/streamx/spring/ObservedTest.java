package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.streamx.BidiStreamingClient;
import io.streamx.endpoint.LiveView;
import io.streamx.micrometer.MicrometerObservations;
import io.streamx.spring.chat.ChatClient;
import io.streamx.spring.chat.Question;
import io.streamx.spring.chat.Token;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the actuator, Micrometer and OpenTelemetry are told. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ObservedTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class,
                    StreamXRegistryAutoConfiguration.class,
                    StreamXObservabilityAutoConfiguration.class,
                    StreamXServerAutoConfiguration.class,
                    StreamXClientAutoConfiguration.class,
                    StreamXActuatorAutoConfiguration.class))
            .withBean("chat", ServingTest.ServedChat.class)
            .withBean("details", StreamXConnectionDetails.class, TlsTest.LocalServer::new)
            .withPropertyValues(
                    "streamx.server.port=0",
                    "streamx.clients.chat.service=Chat",
                    "streamx.clients.unused.service=Chat",
                    "management.endpoints.web.exposure.include=streamx",
                    "management.endpoints.jmx.exposure.include=streamx",
                    "spring.jmx.enabled=true");

    @Test
    void healthNamesThePortAndTheInstancesOfEachClient() {
        application.run(context -> {
            ChatClient chat = context.getBean(StreamXClients.class).as(ChatClient.class, "chat");
            int port = context.getBean(StreamXServerLifecycle.class).server().port();
            HealthIndicator server = context.getBean("streamXServerHealthIndicator", HealthIndicator.class);
            assertThat(server.health().getStatus()).isEqualTo(Status.UP);
            assertThat(server.health().getDetails())
                    .containsEntry("port", port)
                    .containsEntry("services", List.of("Chat"));

            CompositeHealthContributor clients = context.getBean(CompositeHealthContributor.class);
            assertThat(clients.stream().map(entry -> entry.name())).containsExactly("chat", "unused");
            assertThat(health(clients, "unused").getStatus()).isEqualTo(Status.UNKNOWN);
            assertThat(health(clients, "chat").getStatus()).isEqualTo(Status.UNKNOWN);
            chat.greet(new Question("you"));
            assertThat(health(clients, "chat").getStatus()).isEqualTo(Status.UP);
            assertThat(health(clients, "chat").getDetails()).containsEntry("instances", List.of("127.0.0.1:" + port));
            assertThat(clients.getContributor("nobody")).isNull();
        });
    }

    private static Health health(CompositeHealthContributor clients, String name) {
        return ((HealthIndicator) clients.getContributor(name)).health();
    }

    @Test
    void theEndpointShowsTheStreamsThatRun() {
        application.run(context -> {
            StreamXEndpoint endpoint = context.getBean(StreamXEndpoint.class);
            ChatClient chat = context.getBean(StreamXClients.class).as(ChatClient.class, "chat");
            assertThat(endpoint.report().callCount()).isZero();
            try (BidiStreamingClient<Question, Token> stream = chat.talk()) {
                stream.send(new Question("one"));
                assertThat(stream.recv()).isEqualTo(new Token("one"));
                StreamXEndpoint.Report report = endpoint.report();
                assertThat(report.calls()).hasSize(2).allSatisfy(call -> {
                    assertThat(call.method()).isEqualTo("talk");
                    assertThat(call.mode()).isEqualTo("BIDIRECTIONAL");
                    assertThat(call.transport()).isEqualTo("TTHeader");
                    assertThat(call.age()).isPositive();
                    assertThat(call.messagesReceived()).isEqualTo(1);
                });
                assertThat(report.calls().stream().map(StreamXEndpoint.Call::side))
                        .containsExactlyInAnyOrder("client", "server");
                assertThat(report.server().services()).containsExactly("Chat");
                assertThat(report.clients().get("chat").instances())
                        .singleElement()
                        .satisfies(instance -> assertThat(instance.avoided()).isFalse());
                // The handler waits for the next question, which is seen as soon as its thread has come so far.
                while (endpoint.report().calls().stream().noneMatch(call -> call.receiveWaitMillis() != null)) {
                    Thread.onSpinWait();
                }
                assertThat(report.clients().get("unused").built()).isFalse();
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
            // The handler of the server may need a moment more to return.
            while (endpoint.report().callCount() > 0) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void anEndpointThatNobodyCanSeeKeepsNothing() {
        application
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=health",
                        "management.endpoints.jmx.exposure.include=health")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(StreamXEndpoint.class)
                        .doesNotHaveBean(LiveView.class));
    }

    @Test
    void callsAreCountedInTheMeterRegistryOfTheApplication() {
        application.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            context.getBean(StreamXClients.class).as(ChatClient.class, "chat").greet(new Question("you"));
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.getMeters().stream()
                            .map(meter -> meter.getId().getName())
                            .distinct())
                    .contains("streamx.calls.active");
        });
    }

    @Test
    void callsAreObservedInTheRegistryOfTheApplicationWhenThatIsAskedFor() {
        Set<String> stopped = ConcurrentHashMap.newKeySet();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context observed) {
                stopped.add(observed.getName() + " " + observed.getContextualName());
            }

            @Override
            public boolean supportsContext(Observation.Context observed) {
                return true;
            }
        });
        ApplicationContextRunner observed = application.withBean(ObservationRegistry.class, () -> registry);
        observed.run(context -> assertThat(context).doesNotHaveBean(MicrometerObservations.class));
        observed.withPropertyValues("streamx.observability.observations.enabled=true")
                .run(context -> {
                    context.getBean(StreamXClients.class)
                            .as(ChatClient.class, "chat")
                            .greet(new Question("you"));
                    // The server's observation stops after its reply has left.
                    while (stopped.size() < 2) {
                        Thread.onSpinWait();
                    }
                    assertThat(stopped)
                            .containsExactlyInAnyOrder("streamx.client Chat/greet", "streamx.server Chat/greet");
                });
    }

    @Test
    void callsHaveSpansOfTheOpenTelemetryOfTheApplication() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build()) {
            OpenTelemetry sdk =
                    OpenTelemetrySdk.builder().setTracerProvider(provider).build();
            application.withBean(OpenTelemetry.class, () -> sdk).run(context -> {
                context.getBean(StreamXClients.class)
                        .as(ChatClient.class, "chat")
                        .greet(new Question("you"));
                // The span of the server ends after its reply has left.
                while (spans.getFinishedSpanItems().size() < 2) {
                    Thread.onSpinWait();
                }
                assertThat(spans.getFinishedSpanItems())
                        .allSatisfy(span -> assertThat(span.getName()).contains("greet"));
            });
        }
    }
}
