package io.streamx.idl;

import io.streamx.idl.Syntax.FieldNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Links the fields of structs, argument lists and throws, and checks their ids and names. */
final class FieldLinker {
    /** Where fields can stand, and what {@code required} and {@code optional} mean there. */
    enum Place {
        STRUCT("field"),
        UNION("field"),
        ARGUMENTS("argument"),
        THROWS("exception");

        private final String noun;

        Place(String noun) {
            this.noun = noun;
        }

        String noun() {
            return noun;
        }
    }

    private final Diagnostics diagnostics;
    private final TypeLinker types;

    FieldLinker(Diagnostics diagnostics, TypeLinker types) {
        this.diagnostics = diagnostics;
        this.types = types;
    }

    /**
     * Links, without the default values.
     *
     * @param where the owner, as messages end with it
     * @return the fields by node; those with an error are missing
     */
    Map<FieldNode, Field> link(List<FieldNode> nodes, Place place, String where, Scope scope) {
        Map<FieldNode, Field> fields = new LinkedHashMap<>();
        Map<Integer, String> ids = new HashMap<>();
        Map<String, SourcePosition> names = new HashMap<>();
        int previous = 0;
        for (FieldNode node : nodes) {
            boolean written = node.id() != null;
            boolean valid = node.id() == null || node.id().valid();
            int id = node.id() == null ? previous + 1 : node.id().value();
            previous = valid ? id : previous + 1;
            String name = Diagnostics.shown(node.label().name());
            String what = place.noun() + " " + name + " " + where;
            SourcePosition idPosition =
                    node.id() == null ? node.label().position() : node.id().position();
            if (valid) {
                valid = checkId(id, written, what, idPosition, ids);
            }
            if (valid && !written) {
                diagnostics.warn(
                        idPosition,
                        what + " has no id and gets " + id + " by its place: peers no longer understand each other when"
                                + " fields move (expected: an id in front, as '" + id + ":')");
            }
            SourcePosition first =
                    names.putIfAbsent(node.label().name(), node.label().position());
            if (first != null) {
                diagnostics.error(
                        node.label().position(), what + " is defined twice (first at line " + first.line() + ")");
            }
            IdlType type = types.link(node.type(), scope);
            if (type != null && valid && first == null) {
                fields.put(node, new Field((short) id, type, requiredness(node, place, what), node.label()));
            }
        }
        return fields;
    }

    private boolean checkId(int id, boolean written, String what, SourcePosition position, Map<Integer, String> ids) {
        if (id > Short.MAX_VALUE) {
            diagnostics.error(
                    position,
                    what + " has no id left: the one before has " + (id - 1) + " (expected: at most " + Short.MAX_VALUE
                            + ")");
            return false;
        }
        String other = ids.putIfAbsent(id, what);
        if (other != null) {
            diagnostics.error(
                    position,
                    "id " + id + " of " + what + " is taken by " + other + " (expected: "
                            + (written ? "another id" : "an id written in front of it") + ")");
            return false;
        }
        if (id <= 0) {
            diagnostics.warn(position, what + " has the id " + id + " (expected: 1 or more)");
        }
        return true;
    }

    private Requiredness requiredness(FieldNode node, Place place, String what) {
        boolean required = node.requiredness() == Requiredness.REQUIRED;
        return switch (place) {
            case STRUCT -> node.requiredness();
            case UNION, THROWS -> {
                if (required) {
                    diagnostics.warn(
                            node.label().position(),
                            what + ": 'required' is taken as 'optional', as in Kitex (expected: no word here)");
                }
                yield Requiredness.OPTIONAL;
            }
            case ARGUMENTS -> {
                if (node.requiredness() == Requiredness.OPTIONAL) {
                    diagnostics.warn(
                            node.label().position(), what + ": 'optional' is ignored (expected: no word here)");
                    yield Requiredness.DEFAULT;
                }
                yield node.requiredness();
            }
        };
    }

    static @Nullable StructType structOf(@Nullable IdlType type) {
        return type != null
                        && type.resolved() instanceof IdlType.Named named
                        && named.definition() instanceof StructType struct
                ? struct
                : null;
    }

    static List<Field> inOrder(Map<FieldNode, Field> fields) {
        return new ArrayList<>(fields.values());
    }
}
