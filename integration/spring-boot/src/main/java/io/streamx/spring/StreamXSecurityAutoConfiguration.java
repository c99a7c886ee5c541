package io.streamx.spring;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;

/** Spring Security for handlers, where it is on the class path. */
@AutoConfiguration(
        before = StreamXServerAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration"
        })
@ConditionalOnClass(SecurityContextHolder.class)
@ConditionalOnProperty(name = "streamx.server.security.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StreamXSecurityProperties.class)
class StreamXSecurityAutoConfiguration {
    /** The server of an application without mechanisms has no check of its own, and beans of the type Authenticator say who calls. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    StreamXServerCustomizer streamXSecurity(StreamXSecurityProperties settings, ListableBeanFactory beans) {
        return server -> {
            if (!settings.mechanisms().isEmpty()) {
                CallerAuthentication check = CallerAuthentication.of(settings, beans);
                server.forMethods(method -> !settings.isOpen(method), checked -> checked.authenticator(check));
            }
            server.middleware(new SecurityContexts());
        };
    }
}
