package io.streamx.codegen;

import io.streamx.idl.StructType;
import java.util.List;

/**
 * Which Java form a struct takes.
 *
 * @param isRecord whether it is a record
 * @param isSmall whether a call of its constructor with all fields is readable
 */
record StructShape(boolean isRecord, boolean isSmall) {
    /** A call of a constructor is readable with at most this many fields, if each of them always has a value. */
    private static final int CONSTRUCTOR_FIELDS = 4;

    /** The JVM's limit of parameter slots, less one for {@code this}. */
    private static final int CONSTRUCTOR_SLOTS = 254;

    static StructShape of(List<JavaField> fields, StructType struct) {
        boolean plain = fields.stream().allMatch(StructShape::isPlain);
        return new StructShape(
                struct.kind() == StructType.Kind.STRUCT && fits(fields), fields.size() <= CONSTRUCTOR_FIELDS && plain);
    }

    private static boolean isPlain(JavaField field) {
        return !field.isNullable() && field.defaultValue() == null;
    }

    /** Whether a constructor can take all the fields. */
    static boolean fits(List<JavaField> fields) {
        int slots = fields.stream()
                .mapToInt(field -> field.isNullable() ? 1 : JavaTypes.slots(field.type()))
                .sum();
        return slots <= CONSTRUCTOR_SLOTS;
    }
}
