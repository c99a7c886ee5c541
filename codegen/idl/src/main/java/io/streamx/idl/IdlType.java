package io.streamx.idl;

import java.util.Locale;

/** A type where it is used. Printed as the IDL spells it. */
public sealed interface IdlType {
    /** The annotations behind the type, at this use of it. */
    Annotations annotations();

    /** The type behind all typedefs: never a {@link Named} one that leads to a {@link Typedef}. */
    default IdlType resolved() {
        return this instanceof Named named && named.definition() instanceof Typedef typedef ? typedef.resolved() : this;
    }

    /** The types that need no definition. */
    enum Primitive {
        /** True or false. */
        BOOL,
        /** 8 bits; {@code byte} or {@code i8} in the IDL. */
        I8,
        /** 16 bits. */
        I16,
        /** 32 bits. */
        I32,
        /** 64 bits. */
        I64,
        /** 64 bits IEEE. */
        DOUBLE,
        /** Text, UTF-8 on the wire. */
        STRING,
        /** Bytes. */
        BINARY;

        /** The word the IDL uses. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A type that needs no definition.
     *
     * @param primitive which one
     * @param annotations behind this use
     */
    record Base(Primitive primitive, Annotations annotations) implements IdlType {
        @Override
        public String toString() {
            return primitive.keyword();
        }
    }

    /**
     * {@code list<element>}.
     *
     * @param element type of the elements
     * @param annotations behind this use
     */
    record ListOf(IdlType element, Annotations annotations) implements IdlType {
        @Override
        public String toString() {
            return "list<" + element + ">";
        }
    }

    /**
     * {@code set<element>}.
     *
     * @param element type of the elements
     * @param annotations behind this use
     */
    record SetOf(IdlType element, Annotations annotations) implements IdlType {
        @Override
        public String toString() {
            return "set<" + element + ">";
        }
    }

    /**
     * {@code map<key, value>}.
     *
     * @param key type of the keys
     * @param value type of the values
     * @param annotations behind this use
     */
    record MapOf(IdlType key, IdlType value, Annotations annotations) implements IdlType {
        @Override
        public String toString() {
            return "map<" + key + ", " + value + ">";
        }
    }

    /**
     * A type by name.
     *
     * @param definition what the name leads to, perhaps in an included file
     * @param annotations behind this use
     */
    record Named(TypeDefinition definition, Annotations annotations) implements IdlType {
        @Override
        public String toString() {
            return definition.name();
        }
    }
}
