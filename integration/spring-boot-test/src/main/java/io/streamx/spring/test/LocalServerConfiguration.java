package io.streamx.spring.test;

import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.server.Server;
import io.streamx.spring.StreamXConnectionDetails;
import io.streamx.spring.StreamXServerStartedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Leads all clients to the server of the application. */
@Configuration(proxyBeanMethods = false)
class LocalServerConfiguration {
    @Bean
    static LocalServer streamXLocalServer(ConfigurableEnvironment environment) {
        return new LocalServer(environment);
    }

    /** Where the server is, for clients that ask before or after it has started. Safe from any thread. */
    static final class LocalServer
            implements StreamXConnectionDetails, Resolver, ApplicationListener<StreamXServerStartedEvent> {
        private final ConfigurableEnvironment environment;
        private final List<Listener> listeners = new ArrayList<>();
        private @Nullable Instance instance;

        LocalServer(ConfigurableEnvironment environment) {
            this.environment = environment;
        }

        @Override
        public Resolver resolver(String client) {
            return this;
        }

        @Override
        public void onApplicationEvent(StreamXServerStartedEvent event) {
            Server server = event.server();
            environment
                    .getPropertySources()
                    .addFirst(
                            new MapPropertySource("streamx.server.ports", Map.of("local.streamx.port", server.port())));
            Instance here = Instance.of("127.0.0.1:" + server.port());
            List<Listener> waiting;
            synchronized (this) {
                instance = here;
                waiting = List.copyOf(listeners);
            }
            waiting.forEach(listener -> listener.onInstances(List.of(here)));
        }

        @Override
        public Watch watch(String service, Listener listener) {
            Instance here;
            synchronized (this) {
                here = instance;
                listeners.add(listener);
            }
            if (here != null) {
                listener.onInstances(List.of(here));
            }
            return () -> forget(listener);
        }

        private synchronized void forget(Listener listener) {
            listeners.remove(listener);
        }

        @Override
        public String toString() {
            return "the server of this test";
        }
    }
}
