package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** Another name for a type. {@link IdlType#resolved()} looks through it. */
public final class Typedef extends TypeDefinition {
    private @Nullable IdlType type;
    private @Nullable IdlType resolved;

    Typedef(Declaration declaration) {
        super(declaration);
    }

    /** Typedefs are completed after those they refer to, so that the end of a chain is known at once. */
    void complete(IdlType type) {
        this.type = type;
        this.resolved = type.resolved();
    }

    boolean isComplete() {
        return type != null;
    }

    IdlType resolved() {
        if (resolved == null) {
            throw new IllegalStateException("typedef " + name() + " is not linked");
        }
        return resolved;
    }

    /** The type as written, which may itself be a typedef's name. */
    public IdlType type() {
        if (type == null) {
            throw new IllegalStateException("typedef " + name() + " is not linked");
        }
        return type;
    }
}
