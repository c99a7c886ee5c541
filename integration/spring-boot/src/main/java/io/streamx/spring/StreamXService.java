package io.streamx.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Serves the bean: each generated service interface that its class implements is bound and served by the one server of the
 * application. On a class it makes the class a component that scanning finds; on a {@code @Bean} method it marks what the
 * method returns. A bean that implements no generated interface ends the start of the application with an error that says
 * so.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface StreamXService {
    /** The name of the bean where the annotation is on a class; found out when empty. */
    @AliasFor(annotation = Component.class)
    String value() default "";
}
