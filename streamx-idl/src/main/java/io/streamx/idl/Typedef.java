package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** Another name for a type. {@link ThriftType#resolved()} looks through it. */
public final class Typedef implements TypeDefinition {
    private final Declaration declaration;
    private @Nullable ThriftType type;

    Typedef(Declaration declaration) {
        this.declaration = declaration;
    }

    void complete(ThriftType type) {
        this.type = type;
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
