package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.spring.chat.Chat;
import io.streamx.spring.chat.ChatClient;
import io.streamx.spring.chat.GreeterClient;
import io.streamx.spring.chat.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Clients by name, wherever a bean can be injected. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ClientsTest {
    private static Server server;
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(StreamXRegistryAutoConfiguration.class, StreamXClientAutoConfiguration.class))
            .withPropertyValues(
                    "spring.application.name=tests", "streamx.clients.chat.addresses=127.0.0.1:" + server.port());

    @BeforeAll
    static void serve() {
        server = Server.builder().port(0).service(Chat.bind(new ChatHandler())).start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    static final class Injected {
        final ChatClient ofConstructor;
        final ObjectProvider<ChatClient> provided;

        @Autowired
        @StreamXClient("chat")
        ChatClient ofField;

        GreeterClient ofSetter;

        Injected(@StreamXClient("chat") ChatClient ofConstructor, @StreamXClient("chat") ObjectProvider<ChatClient> p) {
            this.ofConstructor = ofConstructor;
            provided = p;
        }

        @Autowired
        @StreamXClient("chat")
        void setGreeter(GreeterClient greeter) {
            ofSetter = greeter;
        }
    }

    @Test
    void aGeneratedClientIsInjectedWhereverABeanIs() {
        application.withBean(Injected.class).run(context -> {
            Injected injected = context.getBean(Injected.class);
            for (ChatClient client : List.of(injected.ofConstructor, injected.ofField, injected.provided.getObject())) {
                assertThat(client.greet(new Question("you")).text()).isEqualTo("hello you");
            }
            assertThat(injected.ofSetter.greet(new Question("you")).text()).isEqualTo("hello you");
        });
    }

    @Configuration(proxyBeanMethods = false)
    @ImportStreamXClients(name = "chat", types = ChatClient.class)
    static class ByType {
        @Bean
        List<Client> clients(@StreamXClient("chat") Client named, @Qualifier("chat") Client qualified) {
            return new ArrayList<>(List.of(named, qualified));
        }
    }

    @Test
    void aClientIsABeanByQualifierAndAnImportedOneByType() {
        application.withUserConfiguration(ByType.class).run(context -> {
            assertThat(context.getBean(ChatClient.class)
                            .greet(new Question("you"))
                            .text())
                    .isEqualTo("hello you");
            List<?> clients = context.getBean("clients", List.class);
            assertThat(clients.get(0)).isSameAs(clients.get(1)).isSameAs(context.getBean("chatStreamXClient"));
        });
    }

    @Test
    void settingsOfAllClientsHoldWhereTheClientHasNone() {
        application
                .withPropertyValues(
                        "streamx.client-defaults.max-message=1KB",
                        "streamx.clients.large.addresses=127.0.0.1:" + server.port(),
                        "streamx.clients.large.max-message=1MB")
                .run(context -> {
                    StreamXClients clients = context.getBean(StreamXClients.class);
                    Question question = new Question("x".repeat(2000));
                    assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                    () -> clients.as(ChatClient.class, "chat").greet(question)))
                            .hasMessageContaining("1024");
                    assertThat(clients.as(ChatClient.class, "large")
                                    .greet(question)
                                    .text())
                            .hasSize(2006);
                });
    }

    @Test
    void customizersAreToldTheNameOfTheClientAndConnectionDetailsTakeThePlaceOfSettings() {
        List<String> names = new CopyOnWriteArrayList<>();
        application
                .withBean("customizer", StreamXClientCustomizer.class, () -> (name, client) -> names.add(name))
                .withBean(
                        "details",
                        StreamXConnectionDetails.class,
                        () -> name -> name.equals("other")
                                ? io.streamx.discovery.Resolver.fixed(
                                        List.of(io.streamx.discovery.Instance.of("127.0.0.1:" + server.port())))
                                : null)
                .run(context -> {
                    StreamXClients clients = context.getBean(StreamXClients.class);
                    assertThat(clients.as(ChatClient.class, "other")
                                    .greet(new Question("you"))
                                    .text())
                            .isEqualTo("hello you");
                    assertThat(clients.as(ChatClient.class, "chat")
                                    .greet(new Question("you"))
                                    .text())
                            .isEqualTo("hello you");
                    assertThat(names).containsExactly("other", "chat");
                    assertThat(clients.names()).containsExactly("chat", "other");
                });
    }

    @Test
    void clientsAreClosedWithTheApplication() {
        Client[] client = new Client[1];
        application.run(
                context -> client[0] = context.getBean(StreamXClients.class).client("chat"));

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new ChatClient(client[0]).greet(new Question("you"))))
                .hasMessageContaining("closed");
    }
}
