package io.streamx.codegen;

import io.streamx.idl.StructType;
import java.util.List;

/** Which Java form a struct takes. */
record StructShape(boolean isRecord, boolean hasBuilder) {
    /** Up to so many fields, all of them always there, a constructor call is readable. */
    private static final int CONSTRUCTOR_FIELDS = 4;

    /** The JVM's limit of parameter slots, less one for {@code this}. */
    private static final int CONSTRUCTOR_SLOTS = 254;

    static StructShape of(StructType struct) {
        return of(JavaField.ofStruct(struct), struct.kind() == StructType.Kind.STRUCT);
    }

    private static StructShape of(List<JavaField> fields, boolean struct) {
        boolean plain = fields.stream().allMatch(StructShape::isPlain);
        boolean builder = fields.size() > CONSTRUCTOR_FIELDS || !plain || !fits(fields);
        return new StructShape(struct && fits(fields), builder);
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
