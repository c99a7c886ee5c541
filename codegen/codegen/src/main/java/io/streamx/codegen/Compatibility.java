package io.streamx.codegen;

import io.streamx.codegen.Incompatibility.Kind;
import io.streamx.idl.Constant;
import io.streamx.idl.Definition;
import io.streamx.idl.Document;
import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.IdlResult;
import io.streamx.idl.Service;
import io.streamx.idl.StructType;
import io.streamx.idl.Typedef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Says what a newer IDL breaks for those who rely on an older one: peers on the wire, in both directions, and Java written
 * against the generated classes, as far as docs/idl.md promises it anything.
 */
public final class Compatibility {
    private final Versions versions;
    private final List<Incompatibility> found = new ArrayList<>();

    private Compatibility(Versions versions) {
        this.versions = versions;
    }

    /**
     * Compares all definitions of two IDLs, those of included files too.
     *
     * <p>Definitions belong together that have one name, in files of one name where possible; where both IDLs were read
     * from a single file each, these two files belong together whatever they are called.
     *
     * @param older without errors
     * @param newer without errors
     * @param options how the Java of both is generated
     * @return what breaks, in the order of its places; empty when nothing does
     * @throws IllegalArgumentException if an IDL has errors
     */
    public static List<Incompatibility> check(IdlResult older, IdlResult newer, GeneratorOptions options) {
        refuseErrors(older, "older");
        refuseErrors(newer, "newer");
        Compatibility compatibility = new Compatibility(new Versions(older, newer, options));
        compatibility.run();
        List<Incompatibility> sorted = new ArrayList<>(compatibility.found);
        sorted.sort(Comparator.comparing(Incompatibility::position));
        return List.copyOf(sorted);
    }

    private static void refuseErrors(IdlResult idl, String name) {
        if (idl.hasErrors()) {
            throw new IllegalArgumentException(
                    name + ": " + idl.errors().get(0) + " (expected: an IDL without errors)");
        }
    }

    private void run() {
        for (Document older : versions.olderDocuments()) {
            Document newer = versions.counterpart(older);
            if (newer != null) {
                comparePackages(older, newer);
            }
            older.definitions().forEach(this::compare);
        }
    }

    private void comparePackages(Document older, Document newer) {
        String before = versions.olderPackage(older);
        String after = versions.newerPackage(newer);
        if (!before.equals(after) && !older.definitions().isEmpty()) {
            found.add(Changes.source(
                    newer.definitions().isEmpty()
                            ? older.definitions().get(0).position()
                            : newer.definitions().get(0).position(),
                    Kind.PACKAGE_CHANGED,
                    newer.name(),
                    "the Java package was " + before + ", is " + after + ": every class of the file moves"));
        }
    }

    private void compare(Definition older) {
        if (older instanceof Typedef) {
            // Generated Java has the type that a typedef stands for. Where that type has changed, the fields that use
            // it are told.
            return;
        }
        Definition newer = versions.counterpart(older);
        if (newer == null) {
            removed(older);
            return;
        }
        if (older instanceof StructType before && newer instanceof StructType after) {
            compareClasses(before, after);
            new StructCompatibility(versions, found).compare(before, after);
        } else if (older instanceof EnumType before && newer instanceof EnumType after) {
            compareClasses(before, after);
            compareEnums(before, after);
        } else if (older instanceof Service before && newer instanceof Service after) {
            compareClasses(before, after);
            new ServiceCompatibility(versions, found).compare(before, after);
        } else if (older instanceof Constant before && newer instanceof Constant after) {
            compareConstants(before, after);
        }
    }

    private void removed(Definition older) {
        if (older instanceof Service service) {
            found.add(Changes.both(
                    older.position(),
                    Kind.DEFINITION_REMOVED,
                    older.name(),
                    "the service is gone: calls of clients of the older IDL find no method, and its Java interface "
                            + versions.olderClass(service) + " and its client are gone"));
        } else if (older instanceof Constant constant) {
            found.add(Changes.source(
                    older.position(),
                    Kind.CONSTANT_REMOVED,
                    older.name(),
                    "the Java constant " + versions.olderName(constant) + " is gone"));
        } else {
            found.add(Changes.source(
                    older.position(),
                    Kind.DEFINITION_REMOVED,
                    older.name(),
                    "the Java class " + versions.olderClass(older) + " is gone"));
        }
    }

    private void compareClasses(Definition older, Definition newer) {
        String before = versions.olderClass(older);
        String after = versions.newerClass(newer);
        if (!before.equals(after)) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.CLASS_RENAMED,
                    newer.name(),
                    "the Java class was " + before + ", is " + after));
        }
    }

    private void compareEnums(EnumType older, EnumType newer) {
        Map<EnumValue, String> namesBefore = versions.olderSymbols().namesOf(older);
        Map<EnumValue, String> namesAfter = versions.newerSymbols().namesOf(newer);
        for (EnumValue before : older.values()) {
            String element = older.name() + "." + before.name();
            EnumValue after = newer.value(before.name());
            if (after != null) {
                if (after.number() != before.number()) {
                    found.add(Changes.wire(
                            after.position(),
                            Kind.ENUM_NUMBER_CHANGED,
                            element,
                            "the number was " + before.number() + ", is " + after.number()
                                    + ": peers take it for another value, or for none they know"));
                }
            } else {
                after = newer.value(before.number());
                if (after != null && older.value(after.name()) != null) {
                    after = null;
                }
            }
            String name = namesBefore.get(before);
            if (after == null) {
                found.add(Changes.source(
                        before.position(),
                        Kind.ENUM_VALUE_REMOVED,
                        element,
                        "the Java constant " + name + " is gone; on the wire the number " + before.number()
                                + " stays, as one without a name"));
            } else if (!Objects.equals(name, namesAfter.get(after))) {
                found.add(Changes.source(
                        after.position(),
                        Kind.ENUM_VALUE_RENAMED,
                        element,
                        "the Java constant was " + name + ", is " + namesAfter.get(after)));
            }
        }
        if (older.values().size() <= EnumSource.LARGE && newer.values().size() > EnumSource.LARGE) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.KIND_CHANGED,
                    newer.name(),
                    "it has more than " + EnumSource.LARGE + " values now: " + versions.newerClass(newer)
                            + ".Known is no Java enum any more"));
        }
    }

    private void compareConstants(Constant older, Constant newer) {
        String before = versions.olderName(older);
        String after = versions.newerName(newer);
        if (!before.equals(after)) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.CONSTANT_REMOVED,
                    newer.name(),
                    "the Java constant was " + before + ", is " + after));
        }
        String typeBefore = versions.olderType(older.type(), false);
        String typeAfter = versions.newerType(newer.type(), false);
        if (!typeBefore.equals(typeAfter)) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.TYPE_CHANGED,
                    newer.name(),
                    "the Java type was " + typeBefore + ", is " + typeAfter));
        }
    }
}
