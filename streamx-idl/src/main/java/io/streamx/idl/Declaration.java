package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** What every definition carries, kept in one place for the classes that implement {@link Definition}. */
record Declaration(Document document, Syntax.Label label) {
    String name() {
        return label.name();
    }

    @Nullable
    String doc() {
        return label.doc();
    }

    Annotations annotations() {
        return label.annotations();
    }

    SourcePosition position() {
        return label.position();
    }
}
