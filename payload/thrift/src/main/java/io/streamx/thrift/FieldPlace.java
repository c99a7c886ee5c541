package io.streamx.thrift;

import org.jspecify.annotations.Nullable;

/** Names the field that a {@link ThriftReader} was reading when it found an error. */
final class FieldPlace {
    private FieldPlace() {}

    /**
     * Such as {@code Order.items, field 3 (list)}.
     *
     * @param struct the innermost struct being read; null outside of any
     * @param header type and id of the field as {@link ThriftReader#readField} returns them; {@link ThriftType#STOP} between
     *     fields
     */
    static String of(@Nullable StructCodec<?> struct, int header) {
        int id = (short) header;
        String in = struct == null ? "message" : struct.name();
        if (header == ThriftType.STOP) {
            return in;
        }
        String name = struct == null ? null : struct.fieldName(id);
        String type = ThriftType.name(header >> 16);
        return name == null
                ? in + ", field " + id + " (" + type + ")"
                : in + "." + name + ", field " + id + " (" + type + ")";
    }
}
