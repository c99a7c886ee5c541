package io.streamx.codegen;

import io.streamx.idl.Annotation;
import io.streamx.idl.Annotations;
import org.jspecify.annotations.Nullable;

/** What the annotation {@code deprecated} of an IDL says. */
final class Deprecation {
    private Deprecation() {}

    static boolean isIn(Annotations annotations) {
        return annotations.find("deprecated") != null;
    }

    /** The reason given, or an empty text; null when nothing is deprecated. */
    static @Nullable String reasonIn(Annotations annotations) {
        Annotation deprecated = annotations.find("deprecated");
        if (deprecated == null) {
            return null;
        }
        String reason = deprecated.values().get(0);
        return reason.equals("true") || reason.equals("1") ? "" : reason.strip();
    }
}
