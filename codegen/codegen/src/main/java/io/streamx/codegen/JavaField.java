package io.streamx.codegen;

import io.streamx.codegen.java.JavaNames;
import io.streamx.idl.Annotations;
import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.StructType;
import io.streamx.idl.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A field of a struct, an exception or an argument list as Java sees it.
 *
 * @param field the field of the IDL
 * @param name the component, accessor and builder method
 * @param local the variable that holds it while the struct is read or written
 * @param flag the variable that says whether a required number came
 * @param presence when it has a value
 */
record JavaField(Field field, String name, String local, String flag, Presence presence) {
    /** When a field has a value, and when it is written. */
    enum Presence {
        /** Always has a value, which must come when the struct is read. */
        REQUIRED,
        /** Always has a value, at first its default; always written. */
        ALWAYS,
        /** Always has a value; not written while it is the declared default. */
        UNLESS_DEFAULT,
        /** May be null; then not written. */
        OPTIONAL,
        /**
         * May be null though the IDL does not say optional: a struct, which has no value to begin with. Kitex writes an
         * empty struct then.
         */
        NULL_AS_EMPTY
    }

    /** Names that records or their base classes have use for. */
    private static final Set<String> RESERVED = Set.of(
            "clone",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "toString",
            "wait",
            "builder",
            "toBuilder",
            // The packages of what generated code uses: a variable would hide them.
            "io",
            "java");

    private static final Set<String> RESERVED_IN_EXCEPTIONS = Set.of(
            "fillInStackTrace",
            "getCause",
            "getLocalizedMessage",
            "getMessage",
            "getStackTrace",
            "getSuppressed",
            "printStackTrace",
            "serialVersionUID");

    /** Variables of the methods that read and write. */
    private static final Set<String> RESERVED_LOCALS = Set.of("all", "builder", "field", "in", "out", "value");

    /** Variables of codecs: their own, and the constants they inherit from {@code ValueCodec}. */
    static final Set<String> CODEC_VARIABLES = Set.of(
            "BINARY", "BOOL", "BYTE", "CODEC", "DOUBLE", "I16", "I32", "I64", "STRING", "builder", "field", "in", "out",
            "value");

    /** Other variables in the class of a struct. */
    private static final Set<String> STRUCT_VARIABLES =
            Set.of("all", "from", "other", "serialVersionUID", "text", "that");

    /** The names of all variables in a class with these fields. */
    static Set<String> variables(List<JavaField> fields) {
        Set<String> names = new HashSet<>(CODEC_VARIABLES);
        names.addAll(STRUCT_VARIABLES);
        for (JavaField field : fields) {
            names.add(field.name());
            names.add(field.local());
            names.add(field.flag());
        }
        return names;
    }

    /** The fields of a struct or exception. */
    static List<JavaField> ofStruct(StructType struct) {
        return of(struct.fields(), struct.kind() == StructType.Kind.EXCEPTION, JavaField::presenceInStruct);
    }

    /** The arguments of a method; {@code unary} ones are fields of a struct of their own. */
    static List<JavaField> ofArguments(List<Field> arguments, boolean unary) {
        return of(arguments, false, unary ? JavaField::presenceInArguments : JavaField::presenceInStream);
    }

    private interface Rule {
        Presence presence(Field field);
    }

    private static List<JavaField> of(List<Field> fields, boolean exception, Rule rule) {
        List<JavaField> result = new ArrayList<>();
        Set<String> names = new HashSet<>(RESERVED);
        if (exception) {
            names.addAll(RESERVED_IN_EXCEPTIONS);
        }
        Set<String> locals = new HashSet<>(RESERVED_LOCALS);
        for (Field field : fields) {
            String name = JavaNames.unique(JavaNames.member(field.name()), names::contains);
            names.add(name);
            String local = JavaNames.unique(name, locals::contains);
            locals.add(local);
            result.add(new JavaField(field, name, local, "", rule.presence(field)));
        }
        result.replaceAll(field -> field.withFlag(JavaNames.unique(field.local + "IsSet", locals::contains), locals));
        return result;
    }

    private JavaField withFlag(String unique, Set<String> locals) {
        locals.add(unique);
        return new JavaField(field, name, local, unique, presence);
    }

    /**
     * A struct without a default may be absent, as in Kitex: a method may be given one more argument without breaking the
     * callers that do not know it.
     */
    private static Presence presenceInArguments(Field field) {
        if (field.requiredness() == Requiredness.REQUIRED) {
            return Presence.REQUIRED;
        }
        boolean lacksValue = JavaTypes.isStruct(field.type()) && field.defaultValue() == null;
        return lacksValue ? Presence.OPTIONAL : Presence.ALWAYS;
    }

    /** The argument of a stream is the message itself, and there is no message that is absent. */
    private static Presence presenceInStream(Field field) {
        return Presence.REQUIRED;
    }

    private static Presence presenceInStruct(Field field) {
        boolean defaulted = field.defaultValue() != null;
        return switch (field.requiredness()) {
            case REQUIRED -> Presence.REQUIRED;
            case OPTIONAL -> defaulted ? Presence.UNLESS_DEFAULT : Presence.OPTIONAL;
            case DEFAULT -> JavaTypes.isStruct(field.type()) && !defaulted ? Presence.NULL_AS_EMPTY : Presence.ALWAYS;
        };
    }

    short id() {
        return field.id();
    }

    IdlType type() {
        return field.type();
    }

    Annotations annotations() {
        return field.annotations();
    }

    @Nullable
    Value defaultValue() {
        return field.defaultValue();
    }

    boolean isNullable() {
        return presence == Presence.OPTIONAL || presence == Presence.NULL_AS_EMPTY;
    }

    boolean isRequired() {
        return presence == Presence.REQUIRED;
    }

    /** Whether its Java type is a primitive. */
    boolean isPrimitive() {
        return !isNullable() && JavaTypes.isPrimitive(type());
    }

    /** Whether what is written must be told apart from a value by a reader that requires fields of the struct. */
    boolean emptyStructIsReadable() {
        return JavaTypes.struct(type()).fields().stream()
                .noneMatch(inner -> inner.requiredness() == Requiredness.REQUIRED);
    }

    /** How to declare it: the type, marked when it may be null. */
    String declaration(JavaTypes types) {
        return isNullable() ? types.nullable(type()) : types.declared(type());
    }

    /** The type of the variable that holds it, where nothing is marked. */
    String localType(JavaTypes types) {
        return isNullable() ? types.boxed(type()) : types.declared(type());
    }
}
