package io.streamx.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Injects a client by the name it has in the settings {@code streamx.clients}: a generated one ({@code ChatClient}), or the
 * {@link io.streamx.client.Client} itself. For constructor parameters, parameters of {@code @Bean} methods, and, beside
 * {@code @Autowired}, fields and setters. All that is injected under one name shares its connections, which are closed with
 * the application context.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface StreamXClient {
    /** The name in {@code streamx.clients}. */
    String value();
}
