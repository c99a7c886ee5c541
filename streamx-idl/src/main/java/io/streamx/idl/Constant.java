package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** A const. */
public final class Constant implements Definition {
    private final Declaration declaration;
    private @Nullable ThriftType type;
    private @Nullable Value value;

    Constant(Declaration declaration) {
        this.declaration = declaration;
    }

    void complete(ThriftType type, Value value) {
        this.type = type;
        this.value = value;
    }

    boolean isComplete() {
        return value != null;
    }

    /** The declared type. */
    public ThriftType type() {
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

    @Override
    public Document document() {
        return declaration.document();
    }

    @Override
    public String name() {
        return declaration.name();
    }

    @Override
    public @Nullable String doc() {
        return declaration.doc();
    }

    @Override
    public Annotations annotations() {
        return declaration.annotations();
    }

    @Override
    public SourcePosition position() {
        return declaration.position();
    }

    @Override
    public String toString() {
        return name();
    }
}
