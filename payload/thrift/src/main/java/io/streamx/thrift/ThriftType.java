package io.streamx.thrift;

/**
 * Type numbers of the binary protocol, and the field headers that {@link ThriftReader#readField} returns: a type in the
 * upper half, so that generated code finds a field and checks its type with one switch over
 * {@code STRING_FIELD | 1}.
 */
public final class ThriftType {
    /** Ends the fields of a struct. */
    public static final byte STOP = 0;
    /** One byte, 0 or 1. */
    public static final byte BOOL = 2;
    /** {@code byte} and {@code i8}. */
    public static final byte BYTE = 3;
    /** Eight bytes, IEEE 754. */
    public static final byte DOUBLE = 4;
    /** Two bytes. */
    public static final byte I16 = 6;
    /** Four bytes; also every enum. */
    public static final byte I32 = 8;
    /** Eight bytes. */
    public static final byte I64 = 10;
    /** {@code string} and {@code binary}. */
    public static final byte STRING = 11;
    /** {@code struct}, {@code union} and {@code exception}. */
    public static final byte STRUCT = 12;
    /** Pairs of two types. */
    public static final byte MAP = 13;
    /** Elements of one type, in no order. */
    public static final byte SET = 14;
    /** Elements of one type. */
    public static final byte LIST = 15;
    /** Sixteen bytes: {@code uuid} of Apache Thrift 0.20 and later, which Kitex' IDL does not have. Skipped alone. */
    public static final byte UUID = 16;

    /** Header of a bool field with id 0. */
    public static final int BOOL_FIELD = BOOL << 16;
    /** Header of a byte field with id 0. */
    public static final int BYTE_FIELD = BYTE << 16;
    /** Header of a double field with id 0. */
    public static final int DOUBLE_FIELD = DOUBLE << 16;
    /** Header of an i16 field with id 0. */
    public static final int I16_FIELD = I16 << 16;
    /** Header of an i32 or enum field with id 0. */
    public static final int I32_FIELD = I32 << 16;
    /** Header of an i64 field with id 0. */
    public static final int I64_FIELD = I64 << 16;
    /** Header of a string or binary field with id 0. */
    public static final int STRING_FIELD = STRING << 16;
    /** Header of a struct field with id 0. */
    public static final int STRUCT_FIELD = STRUCT << 16;
    /** Header of a map field with id 0. */
    public static final int MAP_FIELD = MAP << 16;
    /** Header of a set field with id 0. */
    public static final int SET_FIELD = SET << 16;
    /** Header of a list field with id 0. */
    public static final int LIST_FIELD = LIST << 16;

    private static final int UUID_BYTES = 16;

    private ThriftType() {}

    /** The IDL's word for a type number, or {@code type 7} for one that does not exist. */
    static String name(int type) {
        return switch (type) {
            case STOP -> "stop";
            case BOOL -> "bool";
            case BYTE -> "byte";
            case DOUBLE -> "double";
            case I16 -> "i16";
            case I32 -> "i32";
            case I64 -> "i64";
            case STRING -> "string";
            case STRUCT -> "struct";
            case MAP -> "map";
            case SET -> "set";
            case LIST -> "list";
            case UUID -> "uuid";
            default -> "type " + type;
        };
    }

    /** The fewest bytes a value of the type takes, 0 for a number that is no type of a value. */
    static int minimumBytes(int type) {
        return switch (type) {
            case BOOL, BYTE, STRUCT -> 1;
            case I16 -> 2;
            case I32, STRING -> 4;
            case SET, LIST -> 5;
            case MAP -> 6;
            case DOUBLE, I64 -> 8;
            case UUID -> UUID_BYTES;
            default -> 0;
        };
    }

    /** The bytes of a value whose type alone decides its length, 0 for all other types. */
    public static int fixedBytes(int type) {
        return switch (type) {
            case BOOL, BYTE -> 1;
            case I16 -> 2;
            case I32 -> 4;
            case DOUBLE, I64 -> 8;
            case UUID -> UUID_BYTES;
            default -> 0;
        };
    }
}
