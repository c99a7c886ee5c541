package io.streamx.spring;

import io.streamx.endpoint.LiveView;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and the endpoint, where the actuator is there. */
@AutoConfiguration(after = {StreamXServerAutoConfiguration.class, StreamXClientAutoConfiguration.class})
class StreamXActuatorAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class HealthConfiguration {
        @Bean
        @ConditionalOnBean(StreamXServerLifecycle.class)
        @ConditionalOnEnabledHealthIndicator("streamx-server")
        HealthIndicator streamXServerHealthIndicator(StreamXServerLifecycle lifecycle) {
            return StreamXHealth.ofServer(lifecycle);
        }

        @Bean
        @ConditionalOnBean(StreamXClients.class)
        @ConditionalOnEnabledHealthIndicator("streamx-clients")
        CompositeHealthContributor streamXClientsHealthContributor(StreamXClients clients) {
            return StreamXHealth.ofClients(clients);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    @ConditionalOnAvailableEndpoint(StreamXEndpoint.class)
    static class EndpointConfiguration {
        @Bean
        LiveView streamXLiveView() {
            return new LiveView();
        }

        @Bean
        StreamXEndpoint streamXEndpoint(
                LiveView live,
                ObjectProvider<StreamXServerLifecycle> lifecycle,
                ObjectProvider<StreamXClients> clients) {
            return new StreamXEndpoint(live, lifecycle, clients);
        }
    }
}
