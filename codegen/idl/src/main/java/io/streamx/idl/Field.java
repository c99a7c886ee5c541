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

    /**
     * Whether the field is required or optional, as written. Arms of unions and thrown exceptions are always optional,
     * arguments never.
     */
    public Requiredness requiredness() {
        return requiredness;
    }

    /** The default value, converted to the type of the field; null if none is written. */
    public @Nullable Value defaultValue() {
        return defaultValue;
    }

    /**
     * The comment above the field, or behind the field on its line, without the comment's markers; null if there is
     * none.
     */
    public @Nullable String doc() {
        return label.doc();
    }

    /** The annotations behind the field. */
    public Annotations annotations() {
        return label.annotations();
    }

    /** Where the name of the field stands. */
    public SourcePosition position() {
        return label.position();
    }

    @Override
    public String toString() {
        return name();
    }
}
