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
        ClassName name = file.symbols().of(definition);
        if (!name.equals(file.name())) {
            file.noteUse(definition.annotations());
        }
        return file.use(name);
    }

    /** The same type, marked as one that may be null. */
    String nullable(IdlType type) {
        return file.nullable(boxed(type));
    }

    /** The codec of values of the type, as an expression. */
    String codec(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof Named named) {
            return definition(named.definition()) + ".CODEC";
        }
        String codecs = file.use(RuntimeNames.VALUE_CODEC);
        if (resolved instanceof Base base) {
            return codecs + "."
                    + (base.primitive() == Primitive.I8
                            ? "BYTE"
                            : base.primitive().name());
        }
        if (resolved instanceof ListOf list) {
            return codecs + ".listOf(" + codec(list.element()) + ")";
        }
        if (resolved instanceof SetOf set) {
            return codecs + ".setOf(" + codec(set.element()) + ")";
        }
        MapOf map = (MapOf) resolved;
        return codecs + ".mapOf(" + codec(map.key()) + ", " + codec(map.value()) + ")";
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
        return definition instanceof EnumType
                ? definition(definition) + ".of(in.readI32())"
                : definition(definition) + ".CODEC.read(in)";
    }

    /** A call that writes the field to {@code out}. */
    String write(short id, String value, IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof Base base) {
            return "out.write" + accessorName(base.primitive()) + "Field(" + id + ", " + value + ")";
        }
        if (resolved instanceof ListOf list) {
            return "out.writeListField(" + id + ", " + value + ", " + codec(list.element()) + ")";
        }
        if (resolved instanceof SetOf set) {
            return "out.writeSetField(" + id + ", " + value + ", " + codec(set.element()) + ")";
        }
        if (resolved instanceof MapOf map) {
            return "out.writeMapField(" + id + ", " + value + ", " + codec(map.key()) + ", " + codec(map.value()) + ")";
        }
        Definition definition = named(resolved);
        return definition instanceof EnumType
                ? "out.writeI32Field(" + id + ", " + value + ".value())"
                : "out.writeStructField(" + id + ", " + value + ", " + definition(definition) + ".CODEC)";
    }

    /** The label of a field in the switch over field headers. */
    String fieldLabel(short id, IdlType type) {
        String number = id < 0 ? "(" + id + " & 0xffff)" : Short.toString(id);
        return file.use(RuntimeNames.THRIFT_TYPE) + "." + headerName(type) + "_FIELD | " + number;
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

    /** How many slots of a Java parameter list it takes. */
    static int slots(IdlType type) {
        return is(type, Primitive.I64) || is(type, Primitive.DOUBLE) ? 2 : 1;
    }

    private static Definition named(IdlType resolved) {
        return ((Named) resolved).definition();
    }
}
