package io.streamx.idl;

import io.streamx.idl.Syntax.ConstNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Links constants, those first that others refer to. One on a circle, or with an error, stays incomplete. */
final class ConstantLinker {
    private final Diagnostics diagnostics;
    private final TypeLinker types;
    private final ValueLinker values;

    ConstantLinker(Diagnostics diagnostics, TypeLinker types, ValueLinker values) {
        this.diagnostics = diagnostics;
        this.types = types;
        this.values = values;
    }

    void link(List<Pending<Constant, ConstNode>> constants) {
        HashMap<Constant, Pending<Constant, ConstNode>> pending = new HashMap<>();
        constants.forEach(each -> pending.put(each.definition(), each));
        List<Constant> all = constants.stream().map(Pending::definition).toList();
        Cycles<Constant> sorted = Cycles.search(all, constant -> {
            Pending<Constant, ConstNode> each = pending.get(constant);
            return each == null ? List.of() : ValueNames.constantsIn(each.node().value(), each.scope());
        });
        Set<Constant> circular = new HashSet<>();
        for (List<Constant> circle : sorted.circles()) {
            circular.addAll(circle);
            String path = Diagnostics.circle(circle.stream().map(Constant::name).toList());
            diagnostics.error(
                    circle.get(0).position(),
                    "const " + Diagnostics.shown(circle.get(0).name()) + " refers to itself: " + path);
        }
        for (Constant constant : sorted.order()) {
            Pending<Constant, ConstNode> each = pending.get(constant);
            if (each != null) {
                complete(each, circular.contains(constant));
            }
        }
    }

    private void complete(Pending<Constant, ConstNode> pending, boolean circular) {
        IdlType type = types.link(pending.node().type(), pending.scope());
        if (type == null || circular) {
            return;
        }
        Value value = values.link(pending.node().value(), type, "const " + pending.name(), pending.scope());
        if (value != null) {
            pending.definition().complete(type, value);
        }
    }
}
