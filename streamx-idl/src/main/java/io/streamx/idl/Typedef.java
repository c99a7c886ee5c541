package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** Another name for a type. {@link ThriftType#resolved()} looks through it. */
public final class Typedef implements TypeDefinition {
    private final Declaration declaration;
    private @Nullable ThriftType type;
    private @Nullable ThriftType resolved;

    Typedef(Declaration declaration) {
        this.declaration = declaration;
    }

    /** Typedefs are completed after those they refer to, so that the end of a chain is known at once. */
    void complete(ThriftType type) {
        this.type = type;
        this.resolved = type.resolved();
    }

    boolean isComplete() {
        return type != null;
    }

    ThriftType resolved() {
        if (resolved == null) {
            throw new IllegalStateException("typedef " + name() + " is not linked");
        }
        return resolved;
    }

    /** The type as written, which may itself be a typedef's name. */
    public ThriftType type() {
        if (type == null) {
            throw new IllegalStateException("typedef " + name() + " is not linked");
        }
        return type;
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
