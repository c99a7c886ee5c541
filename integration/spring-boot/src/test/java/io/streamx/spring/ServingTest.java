package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ServerStreamingServer;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.spring.chat.Chat;
import io.streamx.spring.chat.ChatClient;
import io.streamx.spring.chat.Question;
import io.streamx.spring.chat.Token;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Services as beans, and how the server begins and ends with the application. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ServingTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class,
                    StreamXRegistryAutoConfiguration.class,
                    StreamXServerAutoConfiguration.class))
            .withPropertyValues("streamx.server.port=0");

    @StreamXService
    static class ServedChat extends ChatHandler {}

    @Test
    void aBeanWithTheAnnotationIsServed() {
        application.withBean(ServedChat.class).run(context -> {
            Server server = context.getBean(StreamXServerLifecycle.class).server();
            assertThat(context.getBean(StreamXServerLifecycle.class).services()).containsExactly("Chat");
            try (Client client = client(server)) {
                assertThat(new ChatClient(client).greet(new Question("you"))).isEqualTo(new Token("hello you"));
                try (var stream = new ChatClient(client).ask(new Question("a b"))) {
                    assertThat(stream).containsExactly(new Token("a"), new Token("b"));
                }
            }
        });
    }

    @Test
    void aBeanOfAMethodWithTheAnnotationIsServedThroughItsProxy() {
        application.withUserConfiguration(ProxiedChat.class).run(context -> {
            try (Client client =
                    client(context.getBean(StreamXServerLifecycle.class).server())) {
                assertThat(new ChatClient(client).greet(new Question("you"))).isEqualTo(new Token("proxied hello you"));
            }
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxiedChat {
        @Bean
        @StreamXService
        Chat chat() {
            ProxyFactory factory = new ProxyFactory(new ChatHandler());
            factory.addAdvice((org.aopalliance.intercept.MethodInterceptor)
                    call -> call.proceed() instanceof Token token ? new Token("proxied " + token.text()) : null);
            return (Chat) factory.getProxy();
        }
    }

    @Test
    void aServiceDefinitionIsServedWithoutAnAnnotation() {
        application
                .withBean("definition", io.streamx.service.ServiceDefinition.class, () -> Chat.bind(new ChatHandler()))
                .run(context -> assertThat(
                                context.getBean(StreamXServerLifecycle.class).services())
                        .containsExactly("Chat"));
    }

    @Test
    void anApplicationWithoutServicesHasNoServer() {
        application.run(context -> assertThat(
                        context.getBean(StreamXServerLifecycle.class).isRunning())
                .isFalse());
    }

    @Test
    void theServerCanBeTurnedOff() {
        application
                .withBean(ServedChat.class)
                .withPropertyValues("streamx.server.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(StreamXServerLifecycle.class));
    }

    @Test
    void customizersAreCalledInTheirOrderBeforeTheServerStarts() {
        List<String> seen = new CopyOnWriteArrayList<>();
        application
                .withBean(ServedChat.class)
                .withBean(
                        "customizer",
                        StreamXServerCustomizer.class,
                        () -> server -> server.unaryMiddleware(next -> (call, request) -> {
                            seen.add(call.method());
                            return next.handle(call, request);
                        }))
                .run(context -> {
                    try (Client client =
                            client(context.getBean(StreamXServerLifecycle.class).server())) {
                        new ChatClient(client).greet(new Question("you"));
                    }
                    assertThat(seen).containsExactly("greet");
                });
    }

    @Test
    void theServerStartsLastAndStopsFirst() {
        List<String> order = new CopyOnWriteArrayList<>();
        application
                .withBean(ServedChat.class)
                .withBean("other", Recorded.class, () -> new Recorded(order))
                .withBean("listener", StartListener.class, () -> new StartListener(order))
                .run(context -> {
                    assertThat(order).containsExactly("other started", "server started");
                    Server server =
                            context.getBean(StreamXServerLifecycle.class).server();
                    context.getBean(Recorded.class).atStop = () -> order.add("server ended: " + ended(server));
                });
        assertThat(order).containsExactly("other started", "server started", "server ended: true", "other stopped");
    }

    private static boolean ended(Server server) {
        try {
            return server.awaitTermination(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static final class StartListener {
        private final List<String> order;

        StartListener(List<String> order) {
            this.order = order;
        }

        @EventListener
        void onStart(StreamXServerStartedEvent event) {
            assertThat(event.server().port()).isPositive();
            order.add("server started");
        }
    }

    /** Something of the highest ordinary phase, such as a web server. */
    static final class Recorded implements SmartLifecycle {
        private final List<String> order;
        private volatile boolean running;
        volatile Runnable atStop = () -> {};

        Recorded(List<String> order) {
            this.order = order;
        }

        @Override
        public void start() {
            running = true;
            order.add("other started");
        }

        @Override
        public void stop() {
            atStop.run();
            running = false;
            order.add("other stopped");
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return SmartLifecycle.DEFAULT_PHASE - 1024;
        }
    }

    @StreamXService
    static final class SlowChat extends ChatHandler {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void ask(Question question, ServerStreamingServer<Token> stream) {
            stream.send(new Token("begun"));
            begun.countDown();
            await(goOn);
            stream.send(new Token("ended"));
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aRunningCallFinishesWhileTheApplicationEnds() {
        application.withBean(SlowChat.class).run(context -> {
            SlowChat chat = context.getBean(SlowChat.class);
            StreamXServerLifecycle lifecycle = context.getBean(StreamXServerLifecycle.class);
            assertThat(lifecycle.shutdownWindow()).isEqualTo(Duration.ofSeconds(29));
            ConfigurableApplicationContext closing = context.getSourceApplicationContext();
            try (Client client = client(lifecycle.server());
                    var stream = new ChatClient(client).ask(new Question("?"))) {
                assertThat(stream.recv()).isEqualTo(new Token("begun"));
                SlowChat.await(chat.begun);
                CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close);
                // The server has begun to end, and waits for the call.
                while (lifecycle.isRunning()) {
                    Thread.onSpinWait();
                }
                assertThat(closed).isNotDone();
                chat.goOn.countDown();
                assertThat(stream.recv()).isEqualTo(new Token("ended"));
                assertThat(stream.recv()).isNull();
                closed.join();
            }
        });
    }

    @Test
    void theShutdownWindowFollowsThePhaseOrItsOwnSetting() {
        application
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=5s")
                .run(context -> assertThat(
                                context.getBean(StreamXServerLifecycle.class).shutdownWindow())
                        .isEqualTo(Duration.ofMillis(4500)));
        application
                .withPropertyValues("streamx.server.shutdown-window=2s")
                .run(context -> assertThat(
                                context.getBean(StreamXServerLifecycle.class).shutdownWindow())
                        .isEqualTo(Duration.ofSeconds(2)));
    }

    private static Client client(Server server) {
        return Client.builder("Chat").address("127.0.0.1:" + server.port()).build();
    }
}
