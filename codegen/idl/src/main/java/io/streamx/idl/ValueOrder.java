package io.streamx.idl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what the values of an IDL are made of: a constant of the constants it names, a struct value of the defaults of
 * the fields it leaves out. Puts constants in an order in which each can be computed, and reports values that contain
 * themselves, as {@code struct Node { 1: optional Node next = {} }} does.
 *
 * <p>A thing here is a {@link Constant}, a {@link Field} that stands for its default, or a {@link StructType} that
 * stands for a value of it in which no field is given.
 */
final class ValueOrder {
    private final Diagnostics diagnostics;
    private final Cycles<Object> sorted;

    /**
     * Reports each circle; may be used only when linking found no error.
     *
     * @param owners each field that can have a default, with the struct it stands in
     * @param arguments of functions, which nothing refers to
     */
    ValueOrder(
            Collection<Constant> constants,
            Map<Field, StructType> owners,
            Collection<Field> arguments,
            Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        List<Object> things = new ArrayList<>(constants);
        owners.keySet().stream().filter(field -> field.defaultValue() != null).forEach(things::add);
        arguments.stream().filter(field -> field.defaultValue() != null).forEach(things::add);
        sorted = Cycles.search(things, ValueOrder::parts);
        Set<Object> reported = new HashSet<>();
        for (List<Object> circle : sorted.circles()) {
            if (reported.addAll(circle)) {
                report(circle, owners);
            }
        }
    }

    /** The constants, each behind those its value is made of, directly or through defaults. */
    List<Constant> constants() {
        return sorted.order().stream()
                .filter(Constant.class::isInstance)
                .map(Constant.class::cast)
                .toList();
    }

    private static List<Object> parts(Object thing) {
        List<Object> parts = new ArrayList<>();
        if (thing instanceof Constant constant) {
            collect(constant.value(), parts);
        } else if (thing instanceof Field field) {
            Value value = field.defaultValue();
            if (value != null) {
                collect(value, parts);
            }
        } else {
            collect(new Value.Members((StructType) thing, List.of()), parts);
        }
        return parts;
    }

    private static void collect(Value value, List<Object> parts) {
        if (value instanceof Value.Reference reference) {
            parts.add(reference.constant());
        } else if (value instanceof Value.Elements elements) {
            elements.elements().forEach(element -> collect(element, parts));
        } else if (value instanceof Value.Entries entries) {
            entries.entries().forEach(entry -> {
                collect(entry.getKey(), parts);
                collect(entry.getValue(), parts);
            });
        } else if (value instanceof Value.Members members) {
            collectMembers(members, parts);
        }
    }

    private static void collectMembers(Value.Members members, List<Object> parts) {
        members.members().forEach(member -> collect(member.getValue(), parts));
        if (members.type().kind() == StructType.Kind.UNION) {
            return;
        }
        Set<Field> given = new HashSet<>();
        members.members().forEach(member -> given.add(member.getKey()));
        for (Field field : members.type().fields()) {
            if (given.contains(field)) {
                continue;
            }
            StructType struct = FieldLinker.structOf(field.type());
            if (field.defaultValue() != null) {
                parts.add(field);
            } else if (field.requiredness() == Requiredness.REQUIRED && struct != null) {
                // A required field that a value leaves out holds an empty struct, as in Kitex.
                parts.add(struct);
            }
        }
    }

    private void report(List<Object> circle, Map<Field, StructType> owners) {
        SourcePosition position = null;
        List<String> names = new ArrayList<>();
        for (Object thing : circle) {
            if (thing instanceof Constant constant) {
                names.add("const " + constant.name());
                position = position == null ? constant.position() : position;
            } else if (thing instanceof Field field) {
                StructType owner = owners.get(field);
                names.add((owner == null ? "" : owner.name() + ".") + field.name());
                position = position == null ? field.position() : position;
            } else {
                names.add("an empty " + ((StructType) thing).name());
            }
        }
        if (position == null) {
            position = ((StructType) circle.get(0)).position();
        }
        diagnostics.error(
                position,
                "value of " + Diagnostics.shown(names.get(0)) + " contains itself: " + Diagnostics.circle(names)
                        + " (expected: a value that ends)");
    }
}
