package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** What a file defines under a name. Two definitions are equal only if they are the same object. */
public abstract sealed class Definition permits TypeDefinition, Constant, Service {
    private final Document document;
    private final Syntax.Label label;

    Definition(Declaration declaration) {
        document = declaration.document();
        label = declaration.label();
    }

    /** The file it stands in. */
    public final Document document() {
        return document;
    }

    /** The name as written. */
    public final String name() {
        return label.name();
    }

    /** The comment above it, or behind it on its line, without its markers; null if there is none. */
    public final @Nullable String doc() {
        return label.doc();
    }

    /** The annotations behind it. */
    public final Annotations annotations() {
        return label.annotations();
    }

    /** Where its name stands. */
    public final SourcePosition position() {
        return label.position();
    }

    @Override
    public final String toString() {
        return name();
    }
}
