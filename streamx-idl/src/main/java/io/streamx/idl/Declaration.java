package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** What every definition carries, kept in one place for the classes that implement {@link Definition}. */
record Declaration(
        Document document, String name, @Nullable String doc, Annotations annotations, SourcePosition position) {}
