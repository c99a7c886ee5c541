package io.streamx.codegen;

import io.streamx.codegen.Incompatibility.Break;
import io.streamx.codegen.Incompatibility.Kind;
import io.streamx.idl.Field;
import io.streamx.idl.SourcePosition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the comparisons of two IDLs share: how a finding is made, and which fields belong together. */
final class Changes {
    private Changes() {}

    static Incompatibility wire(SourcePosition position, Kind kind, String element, String reason) {
        return new Incompatibility(position, kind, Set.of(Break.WIRE), element, reason);
    }

    static Incompatibility source(SourcePosition position, Kind kind, String element, String reason) {
        return new Incompatibility(position, kind, Set.of(Break.SOURCE), element, reason);
    }

    static Incompatibility both(SourcePosition position, Kind kind, String element, String reason) {
        return new Incompatibility(position, kind, EnumSet.allOf(Break.class), element, reason);
    }

    /** A finding that breaks the wire for the first reason, the source for the second, and none where both are null. */
    static void add(
            List<Incompatibility> found,
            SourcePosition position,
            Kind kind,
            String element,
            @Nullable String wire,
            @Nullable String source) {
        if (wire != null && source != null) {
            found.add(both(position, kind, element, wire + "; " + source));
        } else if (wire != null) {
            found.add(wire(position, kind, element, wire));
        } else if (source != null) {
            found.add(source(position, kind, element, source));
        }
    }

    /**
     * Which fields of two lists belong together.
     *
     * @param pairs the older field with the newer
     * @param removed older fields without a counterpart
     * @param added newer fields without one
     */
    record Fields(Map<Field, Field> pairs, List<Field> removed, List<Field> added) {
        /**
         * Fields of one name belong together, whatever their numbers are; of those left, fields of one number do: they were
         * renamed.
         */
        static Fields match(List<Field> older, List<Field> newer) {
            Map<String, Field> byName = new LinkedHashMap<>();
            newer.forEach(field -> byName.put(field.name(), field));
            Map<Field, Field> found = new LinkedHashMap<>();
            Set<Field> taken = new HashSet<>();
            for (Field field : older) {
                Field same = byName.get(field.name());
                if (same != null) {
                    found.put(field, same);
                    taken.add(same);
                }
            }
            for (Field field : older) {
                if (found.containsKey(field)) {
                    continue;
                }
                for (Field candidate : newer) {
                    if (candidate.id() == field.id() && taken.add(candidate)) {
                        found.put(field, candidate);
                        break;
                    }
                }
            }
            Map<Field, Field> inOrder = new LinkedHashMap<>();
            List<Field> removed = new ArrayList<>();
            for (Field field : older) {
                Field same = found.get(field);
                if (same == null) {
                    removed.add(field);
                } else {
                    inOrder.put(field, same);
                }
            }
            List<Field> added =
                    newer.stream().filter(field -> !taken.contains(field)).toList();
            return new Fields(inOrder, removed, added);
        }
    }
}
