package io.streamx.idl;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The value of a constant or a default, already converted to the type it is declared with: an {@code i32} field never
 * holds a {@link Bool}, and a {@code double} one never an {@link Int}. A {@link Reference} leads to a constant of a
 * type that fits.
 */
public sealed interface Value {
    /**
     * Of a {@code bool}.
     *
     * @param value the value
     */
    record Bool(boolean value) implements Value {}

    /**
     * Of an integer type, within its range.
     *
     * @param value the value
     */
    record Int(long value) implements Value {}

    /**
     * Of a {@code double}; finite.
     *
     * @param value the value
     */
    record Real(double value) implements Value {}

    /**
     * Of a {@code string}.
     *
     * @param value the text, escapes resolved
     */
    record Text(String value) implements Value {}

    /** Of a {@code binary}. Equal by content. */
    final class Bytes implements Value {
        private final byte[] value;

        Bytes(byte[] value) {
            this.value = value.clone();
        }

        /** A copy of the bytes. */
        public byte[] toByteArray() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes" + Arrays.toString(value);
        }
    }

    /**
     * Of an enum, by name.
     *
     * @param value the value; it may be of another file
     */
    record EnumConstant(EnumValue value) implements Value {}

    /**
     * Of an enum, by a number that none of its values has.
     *
     * @param number the number
     */
    record EnumNumber(int number) implements Value {}

    /**
     * Another constant.
     *
     * @param constant the constant; it may be of another file; no cycle
     */
    record Reference(Constant constant) implements Value {}

    /**
     * Of a list or set.
     *
     * @param elements in the order written; of a set no literal twice
     */
    record Elements(List<Value> elements) implements Value {
        /** Copies the list. */
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /**
     * Of a map.
     *
     * @param entries in the order written; no literal key twice
     */
    record Entries(List<Map.Entry<Value, Value>> entries) implements Value {
        /** Copies the list. */
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Of a struct, union or exception.
     *
     * @param type its type
     * @param members the fields given, in the order written; of a union at most one
     */
    record Members(StructType type, List<Map.Entry<Field, Value>> members) implements Value {
        /** Copies the list. */
        public Members {
            members = List.copyOf(members);
        }
    }
}
