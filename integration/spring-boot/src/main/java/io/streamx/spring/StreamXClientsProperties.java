package io.streamx.spring;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the clients of the application.
 *
 * @param clientDefaults What all clients have that do not set it themselves.
 * @param clients Each client by its name.
 */
@ConfigurationProperties("streamx")
record StreamXClientsProperties(
        @NestedConfigurationProperty @DefaultValue StreamXClientProperties clientDefaults,
        @DefaultValue Map<String, StreamXClientProperties> clients) {}
