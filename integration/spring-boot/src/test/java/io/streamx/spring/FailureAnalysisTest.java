package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.spring.chat.ChatClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an application prints that cannot start. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FailureAnalysisTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class NoService {
        @Bean
        @StreamXService
        Runnable notAService() {
            return () -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Serving {
        @Bean
        @StreamXService
        ChatHandler chat() {
            return new ChatHandler();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Calling {
        @Bean
        List<ChatClient> clients(@StreamXClient("chat") ChatClient client) {
            return new ArrayList<>(List.of(client));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WrongType {
        @Bean
        List<Object> clients(@StreamXClient("chat") StringBuilder client) {
            return new ArrayList<>(List.of(client));
        }
    }

    @Test
    void aBeanThatIsNoService(CapturedOutput output) {
        fails(NoService.class);
        assertThat(output)
                .contains("Bean 'notAService'", "implements no generated service", "Action:", "remove the annotation");
    }

    @Test
    void aPortThatIsTaken(CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            fails(Serving.class, "streamx.server.port=" + taken.getLocalPort());
            assertThat(output)
                    .contains(
                            "cannot listen on port " + taken.getLocalPort(), "Set streamx.server.port to a free port");
        }
    }

    @Test
    void aClientWithoutAnAddress(CapturedOutput output) {
        fails(Calling.class, "streamx.clients.other.addresses=127.0.0.1:1");
        assertThat(output).contains("Client 'chat' is wanted", "[other]", "Set streamx.clients.chat.addresses");
    }

    @Test
    void aClientWithTwoPlacesToLook(CapturedOutput output) {
        fails(
                Calling.class,
                "streamx.clients.chat.addresses=127.0.0.1:1",
                "streamx.clients.chat.dns=example.invalid:1");
        assertThat(output).contains("[addresses, dns]", "Keep one of them.");
    }

    @Test
    void aClientOfATypeThatIsNone(CapturedOutput output) {
        fails(WrongType.class, "streamx.clients.chat.addresses=127.0.0.1:1");
        assertThat(output).contains("java.lang.StringBuilder, which is no generated client");
    }

    @Test
    void aRegistryThatIsNotThere(CapturedOutput output) {
        fails(Calling.class, "streamx.clients.chat.resolver=eureka");
        assertThat(output).contains("There is no Resolver 'eureka'", "Name one of etcd, zookeeper, consul and nacos");
    }

    @Test
    void aRegistryWithoutAPlace(CapturedOutput output) {
        fails(Serving.class, "streamx.server.port=0", "streamx.server.registries=consul");
        assertThat(output).contains("There is no Registry 'consul'", "Say where it is, below streamx.registry.consul.");
    }

    @Test
    void anSslBundleThatIsNotThere(CapturedOutput output) {
        fails(Serving.class, "streamx.server.port=0", "streamx.server.ssl.bundle=chat");
        assertThat(output).contains("There is no SSL bundle 'chat'", "spring.ssl.bundle.pem.chat");
    }

    @Test
    void aSettingThatIsNone(CapturedOutput output) {
        fails(Empty.class, "streamx.server.max-message=lots");
        assertThat(output).contains("streamx.server.max-message", "lots");
    }

    private static void fails(Class<?> application, String... settings) {
        SpringApplication starting = new SpringApplication(application);
        starting.setWebApplicationType(WebApplicationType.NONE);
        List<String> arguments = new ArrayList<>();
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> starting.run(arguments.toArray(new String[0])).close()))
                .isNotNull();
    }
}
