package io.streamx.codegen;

import io.streamx.codegen.Incompatibility.Kind;
import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares two versions of a struct, union or exception. */
final class StructCompatibility {
    private final Versions versions;
    private final List<Incompatibility> found;
    private final TypeCompatibility types;

    StructCompatibility(Versions versions, List<Incompatibility> found) {
        this(versions, found, new TypeCompatibility(versions));
    }

    /** A comparison that is a part of another one, and shares what that one has found and remembered. */
    StructCompatibility(Versions versions, List<Incompatibility> found, TypeCompatibility types) {
        this.versions = versions;
        this.found = found;
        this.types = types;
    }

    void compare(StructType older, StructType newer) {
        boolean unions = newer.kind() == StructType.Kind.UNION;
        if (older.kind() != newer.kind()) {
            boolean changesMessages = unions || older.kind() == StructType.Kind.UNION;
            Changes.add(
                    found,
                    newer.position(),
                    Kind.KIND_CHANGED,
                    newer.name(),
                    changesMessages
                            ? "it was a " + older.kind().keyword() + ", is a "
                                    + newer.kind().keyword() + ": a union has one of the fields alone"
                            : null,
                    "its Java class was that of a " + older.kind().keyword() + ", is that of a "
                            + newer.kind().keyword());
            if (changesMessages) {
                return;
            }
        }
        Changes.Fields fields = Changes.Fields.match(older.fields(), newer.fields());
        fields.removed().forEach(field -> removed(older, field));
        for (Field added : fields.added()) {
            if (added.requiredness() == Requiredness.REQUIRED && !unions) {
                found.add(
                        Changes.wire(
                                added.position(),
                                Kind.REQUIRED_FIELD_ADDED,
                                newer.name() + "." + added.name(),
                                "writers of the older IDL do not send it, and readers of the newer refuse a message without it"));
            }
        }
        if (unions) {
            compareArms(older, newer, fields);
        } else {
            compareFields(older, newer, fields);
            compareConstructors(older, newer, fields);
        }
    }

    private void removed(StructType struct, Field field) {
        String gone = struct.kind() == StructType.Kind.UNION
                ? "its Java record is gone"
                : "its accessor and builder method are gone";
        String wire = null;
        if (field.requiredness() == Requiredness.REQUIRED) {
            wire = "readers of the older IDL require it, and writers of the newer do not send it";
        } else if (struct.kind() == StructType.Kind.UNION) {
            wire = "readers of the newer IDL find nothing they know in a message with it";
        }
        Changes.add(found, field.position(), Kind.FIELD_REMOVED, struct.name() + "." + field.name(), wire, gone);
    }

    private void compareArms(StructType older, StructType newer, Changes.Fields fields) {
        Map<Field, String> namesBefore = versions.olderSymbols().armsOf(older);
        Map<Field, String> namesAfter = versions.newerSymbols().armsOf(newer);
        fields.pairs().forEach((before, after) -> {
            String element = newer.name() + "." + after.name();
            compareNumbers(element, before, after);
            compareNames(element, before, after, namesBefore.get(before), namesAfter.get(after));
            compareTypes(element, before, after, false, false);
        });
    }

    private void compareFields(StructType older, StructType newer, Changes.Fields fields) {
        Map<Field, JavaField> javaBefore = byField(versions.olderSymbols().fieldsOf(older));
        Map<Field, JavaField> javaAfter = byField(versions.newerSymbols().fieldsOf(newer));
        fields.pairs().forEach((before, after) -> {
            String element = newer.name() + "." + after.name();
            JavaField was = Objects.requireNonNull(javaBefore.get(before));
            JavaField is = Objects.requireNonNull(javaAfter.get(after));
            compareNumbers(element, before, after);
            compareNames(element, before, after, was.name(), is.name());
            compareTypes(element, before, after, was.isNullable(), is.isNullable());
            compareRequiredness(element, before, after, was, is);
            compareDefaults(element, before, after);
        });
    }

    private static Map<Field, JavaField> byField(List<JavaField> fields) {
        Map<Field, JavaField> byField = new HashMap<>();
        fields.forEach(field -> byField.put(field.field(), field));
        return byField;
    }

    private void compareNumbers(String element, Field before, Field after) {
        if (before.id() != after.id()) {
            found.add(Changes.wire(
                    after.position(),
                    Kind.FIELD_ID_CHANGED,
                    element,
                    "the id was " + before.id() + ", is " + after.id()
                            + ": peers take it for a field that they do not know, or for another one"));
        }
    }

    private void compareNames(
            String element, Field before, Field after, @Nullable String nameBefore, @Nullable String nameAfter) {
        if (!Objects.equals(nameBefore, nameAfter)) {
            found.add(Changes.source(
                    after.position(),
                    Kind.FIELD_RENAMED,
                    element,
                    "its name was " + before.name() + ": " + nameBefore + " of the Java class is " + nameAfter
                            + " now; the wire has numbers alone"));
        }
    }

    private void compareTypes(
            String element, Field before, Field after, boolean nullableBefore, boolean nullableAfter) {
        String wire = types.wire(before.type(), after.type());
        if (wire != null && before.requiredness() == Requiredness.REQUIRED) {
            wire += "; the field is required, so that the message is refused";
        }
        // Whether the type is boxed depends on the word in front and is said there.
        boolean boxed = nullableBefore && nullableAfter;
        Changes.add(
                found,
                after.position(),
                Kind.TYPE_CHANGED,
                element,
                wire,
                types.source(before.type(), after.type(), boxed, boxed));
    }

    private void compareRequiredness(
            String element, Field before, Field after, JavaField javaBefore, JavaField javaAfter) {
        String wire = null;
        if (after.requiredness() == Requiredness.REQUIRED && before.requiredness() != Requiredness.REQUIRED) {
            wire = "it was " + word(before) + ", is required: writers of the older IDL may leave it out"
                    + leftOut(before) + ", and readers of the newer refuse a message without it";
        } else if (before.requiredness() == Requiredness.REQUIRED && after.requiredness() != Requiredness.REQUIRED) {
            wire = "it was required, is " + word(after) + ": writers of the newer IDL may leave it out" + leftOut(after)
                    + ", and readers of the older refuse a message without it";
        }
        String source = null;
        if (javaBefore.isNullable() != javaAfter.isNullable()) {
            source = javaAfter.isNullable()
                    ? "in Java it was never null, may be null now" + boxing(before.type(), after.type(), false)
                    : "in Java it could be null, null is refused now" + boxing(before.type(), after.type(), true);
        }
        Changes.add(found, after.position(), Kind.REQUIREDNESS_CHANGED, element, wire, source);
    }

    private String boxing(IdlType before, IdlType after, boolean wasNullable) {
        return JavaTypes.isPrimitive(before) && JavaTypes.isPrimitive(after)
                ? " (" + versions.olderType(before, wasNullable) + ", now " + versions.newerType(after, !wasNullable)
                        + ")"
                : "";
    }

    private static String leftOut(Field field) {
        return field.requiredness() == Requiredness.DEFAULT ? " (Apache Thrift does, where it is not set)" : "";
    }

    private static String word(Field field) {
        return switch (field.requiredness()) {
            case REQUIRED -> "required";
            case OPTIONAL -> "optional";
            case DEFAULT -> "neither required nor optional";
        };
    }

    /** A default counts on the wire where a writer leaves the field out: an optional one, at its default. */
    private void compareDefaults(String element, Field before, Field after) {
        boolean leftOut =
                before.requiredness() == Requiredness.OPTIONAL || after.requiredness() == Requiredness.OPTIONAL;
        boolean declared = before.defaultValue() != null || after.defaultValue() != null;
        if (!leftOut || !declared) {
            return;
        }
        String was = ValueText.whenAbsent(before);
        String is = ValueText.whenAbsent(after);
        if (!was.equals(is)) {
            found.add(Changes.wire(
                    after.position(),
                    Kind.DEFAULT_CHANGED,
                    element,
                    "what does not come was read as " + was + ", is read as " + is
                            + ": an optional field at its default is not sent, so peers see different values"));
        }
    }

    /** The constructors that docs/idl.md promises: over the required fields, and over all but the optional ones. */
    private void compareConstructors(StructType older, StructType newer, Changes.Fields fields) {
        Map<String, List<Field>> before = constructors(versions.olderSymbols().fieldsOf(older));
        Map<String, List<Field>> after = constructors(versions.newerSymbols().fieldsOf(newer));
        before.forEach((which, parameters) -> {
            if (!fields.pairs().keySet().containsAll(parameters)) {
                // A field is gone, and is told of as such.
                return;
            }
            List<Field> expected =
                    parameters.stream().map(fields.pairs()::get).collect(Collectors.toCollection(ArrayList::new));
            if (!after.containsValue(expected)) {
                List<Field> now = after.get(which);
                found.add(Changes.source(
                        newer.position(),
                        Kind.CONSTRUCTOR_CHANGED,
                        newer.name(),
                        "the constructor with " + which + " was " + call(older, parameters) + ", "
                                + (now == null ? "is gone" : "is " + call(newer, now))));
            }
        });
    }

    private static Map<String, List<Field>> constructors(List<JavaField> fields) {
        List<JavaField> required = fields.stream().filter(JavaField::isRequired).toList();
        List<JavaField> always = fields.stream()
                .filter(field -> field.field().requiredness() != Requiredness.OPTIONAL)
                .toList();
        Map<String, List<Field>> constructors = new LinkedHashMap<>();
        if (StructShape.fits(required)) {
            constructors.put(
                    "the required fields",
                    required.stream().map(JavaField::field).toList());
        }
        if (StructShape.fits(always)) {
            constructors.put(
                    "all but the optional fields",
                    always.stream().map(JavaField::field).toList());
        }
        if (required.size() == always.size()) {
            constructors.remove("all but the optional fields");
        }
        return constructors;
    }

    private static String call(StructType struct, List<Field> parameters) {
        return parameters.stream()
                .map(Field::name)
                .collect(Collectors.joining(", ", "new " + struct.name() + "(", ")"));
    }
}
