package io.streamx.idl;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A struct, a union or an exception. */
public final class StructType extends TypeDefinition {
    private final Kind kind;
    private final Map<String, Field> byName = new HashMap<>();
    private List<Field> fields = List.of();
    private boolean damaged;

    StructType(Declaration declaration, Kind kind) {
        super(declaration);
        this.kind = kind;
    }

    void complete(List<Field> fields, boolean damaged) {
        this.fields = List.copyOf(fields);
        this.damaged = damaged;
        fields.forEach(field -> byName.putIfAbsent(field.name(), field));
    }

    /** Whether fields are missing because of errors, so that a missing name proves nothing. */
    boolean isDamaged() {
        return damaged;
    }

    /** Which of the three it is. */
    public enum Kind {
        /** All fields together. */
        STRUCT,
        /** One field of all. */
        UNION,
        /** A struct that can be thrown. */
        EXCEPTION;

        /** The word the IDL uses. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which of the three it is. */
    public Kind kind() {
        return kind;
    }

    /** The fields in the order written; in a union all are optional. */
    public List<Field> fields() {
        return fields;
    }

    /** The field of that name, or null. */
    public @Nullable Field field(String name) {
        return byName.get(name);
    }
}
