package io.streamx.codegen;

import io.streamx.idl.SourcePosition;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A change between two versions of an IDL that somebody who relied on the older one notices.
 *
 * @param position the changed element in the newer IDL; of one that is gone, its place in the older
 * @param kind what was done
 * @param breaks what stops working, at least one
 * @param element what it was done to, such as {@code User.name}
 * @param reason what was, what is, and what comes of it
 */
public record Incompatibility(SourcePosition position, Kind kind, Set<Break> breaks, String element, String reason) {
    /** Copies the set. */
    public Incompatibility {
        breaks = Set.copyOf(breaks);
        if (breaks.isEmpty()) {
            throw new IllegalArgumentException("breaks: none (expected: at least one)");
        }
    }

    /** What stops working. */
    public enum Break {
        /** A program with the older IDL and one with the newer no longer understand each other, in one direction at least. */
        WIRE,
        /** Java written against the classes generated from the older IDL does not compile, or means something else. */
        SOURCE;

        /** In lower case, as commands print it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What was done. Commands print it as {@link #label}. */
    public enum Kind {
        /** The Java package of a file is another. */
        PACKAGE_CHANGED,
        /** A definition is gone, or its Java class has another name. */
        DEFINITION_REMOVED,
        /** A definition's Java class has another name or package. */
        CLASS_RENAMED,
        /** A struct became a union or an exception, or the other way round. */
        KIND_CHANGED,
        /** A field or arm is gone. */
        FIELD_REMOVED,
        /** A field is new that every message must have. */
        REQUIRED_FIELD_ADDED,
        /** A field or arm has another name in Java. */
        FIELD_RENAMED,
        /** A field or arm has another number. */
        FIELD_ID_CHANGED,
        /** A field, arm or constant has another type. */
        TYPE_CHANGED,
        /** A field became required, optional, or neither. */
        REQUIREDNESS_CHANGED,
        /** What stands for a field that does not come is something else. */
        DEFAULT_CHANGED,
        /** A constructor that is a promise has other parameters. */
        CONSTRUCTOR_CHANGED,
        /** A value of an enum is gone. */
        ENUM_VALUE_REMOVED,
        /** A value of an enum has another name in Java. */
        ENUM_VALUE_RENAMED,
        /** A value of an enum has another number. */
        ENUM_NUMBER_CHANGED,
        /** A function is gone. */
        FUNCTION_REMOVED,
        /** A function is new where that changes what handlers are. */
        FUNCTION_ADDED,
        /** A function's Java methods have another name. */
        FUNCTION_RENAMED,
        /** A function streams otherwise. */
        MODE_CHANGED,
        /** A function is oneway or is not any more. */
        ONEWAY_CHANGED,
        /** A function has another result. */
        RESULT_CHANGED,
        /** A function has more, fewer or other arguments, or has them in another order. */
        ARGUMENTS_CHANGED,
        /** A function throws more, fewer or other exceptions. */
        THROWS_CHANGED,
        /** A service extends another one, or none any more. */
        BASE_CHANGED,
        /** A constant is gone, or has another name in Java. */
        CONSTANT_REMOVED;

        /** In lower case with hyphens, as in {@code field-removed}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** {@code file:line:column: breaks wire and source: field-removed User.name: reason}. */
    @Override
    public String toString() {
        Set<String> labels = new TreeSet<>();
        breaks.forEach(one -> labels.add(one.label()));
        String broken = breaks.size() == 2 ? "wire and source" : String.join("", labels);
        return position + ": breaks " + broken + ": " + kind.label() + " " + element + ": " + reason;
    }
}
