package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/**
 * A field of a struct, union or exception, an argument of a function, or an exception it throws.
 *
 * @param id the number on the wire, within 16 bits
 * @param name the name as written
 * @param type its type
 * @param requiredness as written; in a union and for a thrown exception always optional, for an argument never
 * @param defaultValue converted to the type; null if none is written
 * @param doc its comment, or null
 * @param annotations what follows it
 * @param position where its name stands
 */
public record Field(
        short id,
        String name,
        ThriftType type,
        Requiredness requiredness,
        @Nullable Value defaultValue,
        @Nullable String doc,
        Annotations annotations,
        SourcePosition position) {}
