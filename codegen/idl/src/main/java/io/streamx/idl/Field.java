package io.streamx.idl;

import org.jspecify.annotations.Nullable;

/**
 * A field of a struct, union or exception, an argument of a function, or an exception it throws. Two fields are equal
 * only if they are the same object.
 */
public final class Field {
    private final short id;
    private final IdlType type;
    private final Requiredness requiredness;
    private final Syntax.Label label;
    private @Nullable Value defaultValue;

    Field(short id, IdlType type, Requiredness requiredness, Syntax.Label label) {
        this.id = id;
        this.type = type;
        this.requiredness = requiredness;
        this.label = label;
    }

    void complete(Value defaultValue) {
        this.defaultValue = defaultValue;
    }

    /** The number on the wire. */
    public short id() {
        return id;
    }

    /** The name as written. */
    public String name() {
        return label.name();
    }

    /** The type as written. */
    public IdlType type() {
        return type;
    }

    /** As written; in a union and for a thrown exception always optional, for an argument never. */
    public Requiredness requiredness() {
        return requiredness;
    }

    /** The default, converted to the type; null if none is written. */
    public @Nullable Value defaultValue() {
        return defaultValue;
    }

    /** The comment above it, or behind it on its line, without its markers; null if there is none. */
    public @Nullable String doc() {
        return label.doc();
    }

    /** What follows it. */
    public Annotations annotations() {
        return label.annotations();
    }

    /** Where its name stands. */
    public SourcePosition position() {
        return label.position();
    }

    @Override
    public String toString() {
        return name();
    }
}
