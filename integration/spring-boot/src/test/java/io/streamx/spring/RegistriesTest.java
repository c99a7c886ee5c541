package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.consul.ConsulRegistry;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.spring.chat.ChatClient;
import io.streamx.spring.chat.Question;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Registries named by settings. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class RegistriesTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class,
                    StreamXRegistryAutoConfiguration.class,
                    StreamXServerAutoConfiguration.class,
                    StreamXClientAutoConfiguration.class));

    /** A registry of this process. */
    static final class HereRegistry implements Registry, Resolver {
        final Map<String, Instance> records = new ConcurrentHashMap<>();

        @Override
        public Registration register(String service, Instance self) {
            records.put(service, self);
            return () -> records.remove(service);
        }

        @Override
        public Watch watch(String service, Listener listener) {
            Instance found = records.get(service);
            listener.onInstances(found == null ? List.of() : List.of(found));
            return () -> {};
        }
    }

    @Test
    void aServerRegistersInABeanThatItsSettingsNameAndAClientLooksThere() {
        HereRegistry here = new HereRegistry();
        application
                .withBean("chat", ServingTest.ServedChat.class)
                .withBean("here", HereRegistry.class, () -> here)
                .withPropertyValues(
                        "streamx.server.port=0",
                        "streamx.server.registries=here",
                        "streamx.server.advertise.service=chat.talks",
                        "streamx.server.advertise.address=127.0.0.1",
                        "streamx.server.advertise.weight=3",
                        "streamx.server.advertise.tags.zone=north",
                        "streamx.clients.chat.service=chat.talks",
                        "streamx.clients.chat.resolver=here")
                .run(context -> {
                    assertThat(here.records.get("chat.talks").weight()).isEqualTo(3);
                    assertThat(here.records.get("chat.talks").zone()).isEqualTo("north");
                    ChatClient chat = context.getBean(StreamXClients.class).as(ChatClient.class, "chat");
                    assertThat(chat.greet(new Question("you")).text()).isEqualTo("hello you");
                });
        assertThat(here.records).isEmpty();
    }

    @Test
    void aRegistryThatSettingsPlaceIsABean() {
        application
                .withPropertyValues(
                        "streamx.registry.consul.agent=http://127.0.0.1:1", "streamx.clients.chat.resolver=consul")
                .run(context -> {
                    assertThat(context).hasSingleBean(ConsulRegistry.class);
                    StreamXRegistries registries = context.getBean(StreamXRegistries.class);
                    assertThat(registries.resolver("x", "consul")).isSameAs(context.getBean(ConsulRegistry.class));
                    assertThat(registries.registry("x", "consul")).isSameAs(context.getBean(ConsulRegistry.class));
                });
    }

    @Test
    void endpointsMayBeAListInEitherNotation() {
        // The classes of etcd's client are not here: that the bean was tried shows that the condition holds.
        for (String setting : List.of("streamx.registry.etcd.endpoints=", "streamx.registry.etcd.endpoints[0]=")) {
            application
                    .withPropertyValues(setting + "http://127.0.0.1:1")
                    .run(context -> assertThat(
                                    context.getStartupFailure() != null || context.containsBean("etcdStreamXRegistry"))
                            .isTrue());
        }
        application.run(context -> assertThat(context).doesNotHaveBean("etcdStreamXRegistry"));
    }
}
