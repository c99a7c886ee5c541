package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** A const. */
public final class Constant extends Definition {
    private @Nullable IdlType type;
    private @Nullable Value value;

    Constant(Declaration declaration) {
        super(declaration);
    }

    void complete(IdlType type, Value value) {
        this.type = type;
        this.value = value;
    }

    boolean isComplete() {
        return value != null;
    }

    /** The declared type. */
    public IdlType type() {
        if (type == null) {
            throw new IllegalStateException("const " + name() + " is not linked");
        }
        return type;
    }

    /** The value, converted to the declared type. */
    public Value value() {
        if (value == null) {
            throw new IllegalStateException("const " + name() + " is not linked");
        }
        return value;
    }
}
