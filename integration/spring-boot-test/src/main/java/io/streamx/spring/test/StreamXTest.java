package io.streamx.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.TestPropertySource;

/**
 * A test with the whole application, whose server listens on a free port of this machine alone and whose clients all call
 * that server, whatever their settings say. {@link LocalStreamXPort} injects the port, and
 * {@link io.streamx.spring.StreamXClient} a client of any name. A client that is to call something else has a bean of the type
 * {@link io.streamx.spring.StreamXConnectionDetails} that comes before with {@code @Order}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest
@TestPropertySource(properties = {"streamx.server.port=0", "streamx.server.address=127.0.0.1"})
@Import(LocalServerConfiguration.class)
public @interface StreamXTest {
    /** The configuration of the application; the class with {@code @SpringBootApplication} when empty. */
    @AliasFor(annotation = SpringBootTest.class)
    Class<?>[] classes() default {};

    /** More settings, each as {@code key=value}. */
    @AliasFor(annotation = SpringBootTest.class)
    String[] properties() default {};

    /** Which web server the application has in the test. */
    @AliasFor(annotation = SpringBootTest.class)
    WebEnvironment webEnvironment() default WebEnvironment.MOCK;
}
