package io.streamx.spring;

import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** The server of the application. */
@AutoConfiguration(after = StreamXRegistryAutoConfiguration.class)
@ConditionalOnProperty(name = "streamx.server.enabled", matchIfMissing = true)
@EnableConfigurationProperties({StreamXServerProperties.class, LifecycleProperties.class})
class StreamXServerAutoConfiguration {
    @Bean
    StreamXServerLifecycle streamXServer(
            ApplicationContext context,
            StreamXServerProperties settings,
            BundledTls tls,
            StreamXRegistries registries,
            LifecycleProperties lifecycle) {
        Duration phase = lifecycle.getTimeoutPerShutdownPhase();
        return new StreamXServerLifecycle(context, settings, tls, registries, phase);
    }
}
