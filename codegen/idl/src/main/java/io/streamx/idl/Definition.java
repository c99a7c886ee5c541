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

    /** The file in which the definition stands. */
    public final Document document() {
        return document;
    }

    /** The name of the definition, as written. */
    public final String name() {
        return label.name();
    }

    /**
     * The comment above the definition, or behind the definition on its line, without the comment's markers; null if
     * there is none.
     */
    public final @Nullable String doc() {
        return label.doc();
    }

    /** The annotations behind the definition. */
    public final Annotations annotations() {
        return label.annotations();
    }

    /** Where the name of the definition stands. */
    public final SourcePosition position() {
        return label.position();
    }

    @Override
    public final String toString() {
        return name();
    }
}
