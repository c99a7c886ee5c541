package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/** What a file defines under a name. Two definitions are equal only if they are the same object. */
public sealed interface Definition permits TypeDefinition, Constant, Service {
    /** The file it stands in. */
    Document document();

    /** The name as written. */
    String name();

    /** The comment above it, or behind it on its line, without its markers; null if there is none. */
    @Nullable
    String doc();

    /** The annotations behind it. */
    Annotations annotations();

    /** Where its name stands. */
    SourcePosition position();
}
