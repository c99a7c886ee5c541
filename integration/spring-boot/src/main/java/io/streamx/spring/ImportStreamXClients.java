package io.streamx.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Makes generated clients beans of their own types, so that they are injected by type alone. The name of such a bean is that
 * of its class, beginning in lower case. Where two clients of one type are needed, {@link StreamXClient} tells them apart.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(ImportStreamXClients.All.class)
@Import(ImportedClients.class)
public @interface ImportStreamXClients {
    /** The name in {@code streamx.clients} whose connections the clients use. */
    String name();

    /** Generated clients. */
    Class<?>[] types();

    /** Holds several of these annotations at one class. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @Import(ImportedClients.class)
    @interface All {
        /** The annotations. */
        ImportStreamXClients[] value();
    }
}
