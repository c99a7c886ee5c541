package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/**
 * One value of an enum.
 *
 * @param owner the enum
 * @param name the name as written
 * @param number what goes on the wire
 * @param doc its comment, or null
 * @param annotations what follows it
 * @param position where its name stands
 */
public record EnumValue(
        EnumType owner,
        String name,
        int number,
        @Nullable String doc,
        Annotations annotations,
        SourcePosition position) {}
