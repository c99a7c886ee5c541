package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Definition;
import io.streamx.idl.EnumType;
import io.streamx.idl.IdlType;
import io.streamx.idl.IdlType.Base;
import io.streamx.idl.IdlType.ListOf;
import io.streamx.idl.IdlType.MapOf;
import io.streamx.idl.IdlType.Named;
import io.streamx.idl.IdlType.Primitive;
import io.streamx.idl.IdlType.SetOf;
import io.streamx.idl.StructType;

/** How Thrift types are declared, written and read in one Java file. Typedefs are looked through. */
final class JavaTypes {
    /** How deep containers may nest in the argument of a generic call whose type arguments are left to javac. */
    private static final int INFERRED_DEPTH = 1;

    private final SourceFile file;

    JavaTypes(SourceFile file) {
        this.file = file;
    }

    /** The type as a variable has it: primitive where there is one. */
    String declared(IdlType type) {
        if (type.resolved() instanceof Base base) {
            return switch (base.primitive()) {
                case BOOL -> "boolean";
                case I8 -> "byte";
                case I16 -> "short";
                case I32 -> "int";
                case I64 -> "long";
                case DOUBLE -> "double";
                case STRING, BINARY -> boxed(type);
            };
        }
        return boxed(type);
    }

    /** The type as a type argument or a variable that may be null has it. */
    String boxed(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof Base base) {
            return file.use(
                    switch (base.primitive()) {
                        case BOOL -> "java.lang.Boolean";
                        case I8 -> "java.lang.Byte";
                        case I16 -> "java.lang.Short";
                        case I32 -> "java.lang.Integer";
                        case I64 -> "java.lang.Long";
                        case DOUBLE -> "java.lang.Double";
                        case STRING -> "java.lang.String";
                        case BINARY -> RuntimeNames.BINARY;
                    });
        }
        if (resolved instanceof ListOf list) {
            return file.use("java.util.List") + "<" + boxed(list.element()) + ">";
        }
        if (resolved instanceof SetOf set) {
            return file.use("java.util.Set") + "<" + boxed(set.element()) + ">";
        }
        if (resolved instanceof MapOf map) {
            return file.use("java.util.Map") + "<" + boxed(map.key()) + ", " + boxed(map.value()) + ">";
        }
        return definition(named(resolved));
    }

    /** How to write a struct or enum of the IDL. */
    String definition(Definition definition) {
        noteUse(definition);
        return file.use(file.symbols().of(definition));
    }

    private void noteUse(Definition definition) {
        if (!file.symbols().of(definition).equals(file.name())) {
            file.noteUse(definition.annotations());
        }
    }

    /** How to write {@code type} where a value of it may be null. */
    String nullable(IdlType type) {
        return file.nullable(boxed(type));
    }

    /** The codec of values of the type, as an expression. */
    String codec(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof Named named) {
            return codec(named.definition());
        }
        String codecs = file.qualifier(RuntimeNames.VALUE_CODEC);
        if (resolved instanceof Base base) {
            return codecs + "."
                    + (base.primitive() == Primitive.I8
                            ? "BYTE"
                            : base.primitive().name());
        }
        if (resolved instanceof ListOf list) {
            return codecs + "." + arguments(list.element()) + "listOf(" + codec(list.element()) + ")";
        }
        if (resolved instanceof SetOf set) {
            return codecs + "." + arguments(set.element()) + "setOf(" + codec(set.element()) + ")";
        }
        MapOf map = (MapOf) resolved;
        String arguments = arguments(map.key(), map.value());
        return codecs + "." + arguments + "mapOf(" + codec(map.key()) + ", " + codec(map.value()) + ")";
    }

    /** The codec of a struct, union, exception or enum. */
    private String codec(Definition definition) {
        noteUse(definition);
        ClassName name = file.symbols().of(definition);
        String codec = definition instanceof EnumType ? RuntimeNames.VALUE_CODEC : RuntimeNames.STRUCT_CODEC;
        return file.staticField(name, "CODEC", other -> other.use(codec) + "<" + other.use(name) + ">");
    }

    /** A call for the value of an enum that has the number. */
    String enumOf(Definition enumType, String number) {
        noteUse(enumType);
        ClassName name = file.symbols().of(enumType);
        return file.staticCall(name, "of", number, other -> other.use(name));
    }

    /** Type arguments where javac would take long to find them by itself: around containers in containers. */
    private String arguments(IdlType... types) {
        boolean needed = false;
        StringBuilder out = new StringBuilder();
        for (IdlType type : types) {
            needed |= depth(type) > INFERRED_DEPTH;
            out.append(out.isEmpty() ? "<" : ", ").append(boxed(type));
        }
        return needed ? out.append('>').toString() : "";
    }

    private static int depth(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof ListOf list) {
            return 1 + depth(list.element());
        }
        if (resolved instanceof SetOf set) {
            return 1 + depth(set.element());
        }
        return resolved instanceof MapOf map ? 1 + Math.max(depth(map.key()), depth(map.value())) : 0;
    }

    /** An expression that reads a value from {@code in}. */
    String read(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof Base base) {
            return "in.read" + accessorName(base.primitive()) + "()";
        }
        if (resolved instanceof ListOf list) {
            return "in.readList(" + codec(list.element()) + ")";
        }
        if (resolved instanceof SetOf set) {
            return "in.readSet(" + codec(set.element()) + ")";
        }
        if (resolved instanceof MapOf map) {
            return "in.readMap(" + codec(map.key()) + ", " + codec(map.value()) + ")";
        }
        Definition definition = named(resolved);
        return definition instanceof EnumType ? enumOf(definition, "in.readI32()") : codec(definition) + ".read(in)";
    }

    /** A call that writes the field to {@code out}. */
    String write(short id, String value, IdlType type) {
        return isEnum(type)
                ? "out.writeI32Field(" + id + ", " + value + ".value())"
                : write("out.write", id, value, type);
    }

    /** A call that writes the field to {@code out} unless the value is null; not for enums. */
    String writeOptional(short id, String value, IdlType type) {
        return write("out.writeOptional", id, value, type);
    }

    /** A call that writes the struct to {@code out}, or one without fields for null. */
    String writeStructOrEmpty(short id, String value, IdlType type) {
        return "out.writeStructOrEmptyField(" + id + ", " + value + ", " + codec(type) + ")";
    }

    private String write(String method, short id, String value, IdlType type) {
        String arguments = "Field(" + id + ", " + value;
        IdlType resolved = type.resolved();
        if (resolved instanceof Base base) {
            return method + accessorName(base.primitive()) + arguments + ")";
        }
        if (resolved instanceof ListOf list) {
            return method + "List" + arguments + ", " + codec(list.element()) + ")";
        }
        if (resolved instanceof SetOf set) {
            return method + "Set" + arguments + ", " + codec(set.element()) + ")";
        }
        if (resolved instanceof MapOf map) {
            return method + "Map" + arguments + ", " + codec(map.key()) + ", " + codec(map.value()) + ")";
        }
        return method + "Struct" + arguments + ", " + codec(type) + ")";
    }

    /** The label of a field in the switch over field headers. */
    String fieldLabel(short id, IdlType type) {
        String number = id < 0 ? "(" + id + " & 0xffff)" : Short.toString(id);
        return file.qualifier(RuntimeNames.THRIFT_TYPE) + "." + headerName(type) + "_FIELD | " + number;
    }

    private static String headerName(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof Base base) {
            return switch (base.primitive()) {
                case I8 -> "BYTE";
                case BINARY -> "STRING";
                default -> base.primitive().name();
            };
        }
        if (resolved instanceof ListOf) {
            return "LIST";
        }
        if (resolved instanceof SetOf) {
            return "SET";
        }
        if (resolved instanceof MapOf) {
            return "MAP";
        }
        return isEnum(type) ? "I32" : "STRUCT";
    }

    private static String accessorName(Primitive primitive) {
        return switch (primitive) {
            case BOOL -> "Bool";
            case I8 -> "Byte";
            case I16 -> "I16";
            case I32 -> "I32";
            case I64 -> "I64";
            case DOUBLE -> "Double";
            case STRING -> "String";
            case BINARY -> "Binary";
        };
    }

    // What kind of type it is.

    /** Whether its values are Java primitives. */
    static boolean isPrimitive(IdlType type) {
        return type.resolved() instanceof Base base
                && base.primitive() != Primitive.STRING
                && base.primitive() != Primitive.BINARY;
    }

    static boolean is(IdlType type, Primitive primitive) {
        return type.resolved() instanceof Base base && base.primitive() == primitive;
    }

    static boolean isContainer(IdlType type) {
        IdlType resolved = type.resolved();
        return resolved instanceof ListOf || resolved instanceof SetOf || resolved instanceof MapOf;
    }

    static boolean isEnum(IdlType type) {
        return type.resolved() instanceof Named named && named.definition() instanceof EnumType;
    }

    /** Whether it is a struct, union or exception. */
    static boolean isStruct(IdlType type) {
        return type.resolved() instanceof Named named && named.definition() instanceof StructType;
    }

    static StructType struct(IdlType type) {
        return (StructType) named(type.resolved());
    }

    /** Whether its bytes on the wire are of one length: what Kitex writes first. */
    static boolean isFixedLength(IdlType type) {
        return isPrimitive(type);
    }

    /** How many slots of a Java parameter list a value of the type takes. */
    static int slots(IdlType type) {
        return is(type, Primitive.I64) || is(type, Primitive.DOUBLE) ? 2 : 1;
    }

    private static Definition named(IdlType resolved) {
        return ((Named) resolved).definition();
    }
}
