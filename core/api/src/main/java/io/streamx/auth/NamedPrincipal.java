package io.streamx.auth;

import java.security.Principal;
import java.util.Objects;

/**
 * Somebody who is known by a name alone.
 *
 * @param name as {@link #getName} gives it
 */
public record NamedPrincipal(String name) implements Principal {
    /** {@code name} may not be null. */
    public NamedPrincipal {
        Objects.requireNonNull(name, "name");
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
