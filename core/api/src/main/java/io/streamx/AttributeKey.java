package io.streamx;

import java.util.Objects;

/**
 * Names a value of one type that is kept with a call, from middleware to handler for instance. A key equals itself
 * alone, so a library cannot be disturbed by another that uses its name. A key is to be kept in a constant.
 *
 * <p>A key is made once; middleware sets a value, and handlers read it:
 *
 * <pre>{@code
 * AttributeKey<String> user = AttributeKey.named("user");
 * call.setAttribute(user, "user of " + token);
 * return new Response(req.message() + " from " + CallContext.current().attribute(user));
 * }</pre>
 *
 * @param <T> the type of the value
 */
@SuppressWarnings("UnusedTypeParameter") // it types what is kept under the key
public final class AttributeKey<T> {
    private final String name;

    private AttributeKey(String name) {
        this.name = name;
    }

    /** A new key; {@code name} is for texts. */
    public static <T> AttributeKey<T> named(String name) {
        return new AttributeKey<>(Objects.requireNonNull(name, "name"));
    }

    @Override
    public String toString() {
        return name;
    }
}
