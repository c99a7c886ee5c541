package io.streamx.idl;

import io.streamx.idl.Syntax.TypedefNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Links typedefs, those first that others refer to. One on a circle, or that leads to an error, stays incomplete. */
final class TypedefLinker {
    private final Diagnostics diagnostics;
    private final TypeLinker types;
    private final Map<Typedef, IdlType> written = new HashMap<>();
    private final Map<Typedef, Integer> nesting = new HashMap<>();

    TypedefLinker(Diagnostics diagnostics, TypeLinker types) {
        this.diagnostics = diagnostics;
        this.types = types;
    }

    void link(List<Pending<Typedef, TypedefNode>> typedefs) {
        for (Pending<Typedef, TypedefNode> typedef : typedefs) {
            IdlType type = types.asWritten(typedef.node().type(), typedef.scope());
            if (type != null) {
                written.put(typedef.definition(), type);
            }
        }
        List<Typedef> all = typedefs.stream().map(Pending::definition).toList();
        Cycles<Typedef> sorted = Cycles.search(all, this::references);
        Set<Typedef> circular = new HashSet<>();
        for (List<Typedef> circle : sorted.circles()) {
            circular.addAll(circle);
            String path = Diagnostics.circle(circle.stream().map(Typedef::name).toList());
            diagnostics.error(
                    circle.get(0).position(),
                    "typedef " + Diagnostics.shown(circle.get(0).name()) + " refers to itself: " + path);
        }
        for (Typedef typedef : sorted.order()) {
            IdlType type = written.get(typedef);
            if (type != null && !circular.contains(typedef) && TypeLinker.isComplete(type)) {
                complete(typedef, type);
            }
        }
    }

    /** Containers nest through typedefs as well, without end in a hostile file; who walks types recurses. */
    private void complete(Typedef typedef, IdlType type) {
        int depth = depth(type);
        if (depth > ValueParser.MAX_NESTING) {
            diagnostics.error(
                    typedef.position(),
                    "typedef " + Diagnostics.shown(typedef.name()) + " is nested deeper than " + ValueParser.MAX_NESTING
                            + " levels");
            return;
        }
        nesting.put(typedef, depth);
        typedef.complete(type);
    }

    private int depth(IdlType type) {
        if (type instanceof IdlType.Named named) {
            return named.definition() instanceof Typedef typedef ? nesting.getOrDefault(typedef, 0) : 0;
        }
        int deepest = -1;
        for (IdlType part : TypeLinker.parts(type)) {
            deepest = Math.max(deepest, depth(part));
        }
        return deepest + 1;
    }

    private List<Typedef> references(Typedef typedef) {
        List<Typedef> found = new ArrayList<>();
        IdlType type = written.get(typedef);
        if (type != null) {
            collect(type, found);
        }
        return found;
    }

    private static void collect(IdlType type, List<Typedef> found) {
        if (type instanceof IdlType.Named named && named.definition() instanceof Typedef typedef) {
            found.add(typedef);
        }
        TypeLinker.parts(type).forEach(part -> collect(part, found));
    }
}
