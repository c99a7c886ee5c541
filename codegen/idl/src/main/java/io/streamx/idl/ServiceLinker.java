package io.streamx.idl;

import io.streamx.idl.Syntax.FieldNode;
import io.streamx.idl.Syntax.FunctionNode;
import io.streamx.idl.Syntax.NameNode;
import io.streamx.idl.Syntax.ServiceNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Links services and checks their functions and their line of bases. */
final class ServiceLinker {
    /** Longer than any hierarchy written by hand; keeps the search for clashes short. */
    private static final int MAX_BASES = 100;

    private final Diagnostics diagnostics;
    private final TypeLinker types;
    private final FieldLinker fields;
    private final ValueLinker values;
    private final StreamingRules streaming;
    private final Map<Service, NameNode> baseNames = new HashMap<>();
    private final Map<Service, Service> bases = new HashMap<>();
    private final Map<Service, List<Function>> functions = new LinkedHashMap<>();

    ServiceLinker(Diagnostics diagnostics, TypeLinker types, FieldLinker fields, ValueLinker values) {
        this.diagnostics = diagnostics;
        this.types = types;
        this.fields = fields;
        this.values = values;
        this.streaming = new StreamingRules(diagnostics);
    }

    void add(Service service, ServiceNode node, Scope scope) {
        functions.put(service, functions(node, scope));
        if (node.base() == null) {
            return;
        }
        baseNames.put(service, node.base());
        Definition base = scope.find(node.base().name());
        String shown = Diagnostics.shown(node.base().name());
        if (base instanceof Service found) {
            bases.put(service, found);
        } else if (base != null) {
            diagnostics.error(
                    node.base().position(),
                    "service " + Diagnostics.shown(service.name()) + " extends " + shown + ", which is "
                            + Linker.kindOf(base) + " (expected: a service)");
        } else if (!scope.mayBeLost(node.base().name())) {
            diagnostics.error(
                    node.base().position(),
                    "service " + Diagnostics.shown(service.name()) + " extends the undefined service '" + shown
                            + "' (expected: a service of this file or prefix.Service of an included one)");
        }
    }

    /** Completes the services added, bases first. */
    void complete() {
        Cycles<Service> sorted = Cycles.search(functions.keySet(), this::baseOf);
        for (List<Service> circle : sorted.circles()) {
            Service last = circle.get(circle.size() - 1);
            String path = Diagnostics.circle(circle.stream().map(Service::name).toList());
            diagnostics.error(
                    positionOfBase(last), "service " + Diagnostics.shown(last.name()) + " extends itself: " + path);
            bases.remove(last);
        }
        Map<Service, Integer> depths = new HashMap<>();
        for (Service service : sorted.order()) {
            Service base = bases.get(service);
            int depth = base == null ? 0 : depths.getOrDefault(base, 0) + 1;
            if (depth > MAX_BASES) {
                diagnostics.error(
                        positionOfBase(service),
                        "service " + Diagnostics.shown(service.name()) + " has more than " + MAX_BASES
                                + " bases above it");
                base = null;
                depth = 0;
            }
            depths.put(service, depth);
            List<Function> own = functions.getOrDefault(service, List.of());
            if (base != null) {
                refuseClashes(service, base, own);
            }
            service.complete(base, own);
        }
    }

    private List<Service> baseOf(Service service) {
        Service base = bases.get(service);
        return base == null ? List.of() : List.of(base);
    }

    private SourcePosition positionOfBase(Service service) {
        NameNode name = baseNames.get(service);
        return name == null ? service.position() : name.position();
    }

    private void refuseClashes(Service service, Service base, List<Function> own) {
        Map<String, Function> ownByName = new HashMap<>();
        own.forEach(function -> ownByName.put(function.name(), function));
        for (Service ancestor = base; ancestor != null; ancestor = ancestor.base()) {
            for (Function inherited : ancestor.functions()) {
                Function clash = ownByName.get(inherited.name());
                if (clash != null) {
                    diagnostics.error(
                            clash.position(),
                            "service " + Diagnostics.shown(service.name()) + " defines " + clash.name()
                                    + ", which it inherits from " + ancestor.name() + " at " + inherited.position()
                                    + " (expected: another name)");
                }
            }
        }
    }

    private List<Function> functions(ServiceNode service, Scope scope) {
        Map<String, SourcePosition> names = new HashMap<>();
        List<Function> linked = new ArrayList<>();
        for (FunctionNode node : service.functions()) {
            String name = Diagnostics.shown(node.label().name());
            SourcePosition first =
                    names.putIfAbsent(node.label().name(), node.label().position());
            if (first != null) {
                diagnostics.error(
                        node.label().position(),
                        "function " + name + " in service " + service.label().name()
                                + " is defined twice (first at line " + first.line() + ")");
            }
            Function function = function(service.label().name(), node, scope);
            if (node.label().name().startsWith("_")) {
                diagnostics.warn(
                        node.label().position(),
                        "function " + name + " in service " + service.label().name()
                                + " is left out, as in Kitex (expected: a name without '_' in front)");
            } else if (first == null) {
                linked.add(function);
            }
        }
        return linked;
    }

    private Function function(String service, FunctionNode node, Scope scope) {
        String where = "in " + Diagnostics.shown(service) + "."
                + Diagnostics.shown(node.label().name());
        IdlType returnType = node.returnType() == null ? null : types.link(node.returnType(), scope);
        Map<FieldNode, Field> arguments = fields.link(node.arguments(), FieldLinker.Place.ARGUMENTS, where, scope);
        Map<FieldNode, Field> exceptions = fields.link(node.exceptions(), FieldLinker.Place.THROWS, where, scope);
        checkThrows(node, exceptions, where);
        FunctionMode mode = streaming.mode(service, node);
        linkDefaults(arguments, FieldLinker.Place.ARGUMENTS, where, scope, mode == FunctionMode.UNARY);
        linkDefaults(exceptions, FieldLinker.Place.THROWS, where, scope, false);
        boolean kept = !node.label().name().startsWith("_");
        if (mode != FunctionMode.UNARY && kept) {
            streaming.checkMessages(service, node, FieldLinker.inOrder(arguments), returnType);
        } else if (node.oneway()) {
            checkOneway(node, service);
        }
        return new Function(
                node.label().name(),
                mode,
                node.oneway(),
                returnType,
                FieldLinker.inOrder(arguments),
                FieldLinker.inOrder(exceptions),
                node.label().doc(),
                node.label().annotations(),
                node.label().position());
    }

    /**
     * A default of a unary argument counts when a call comes without it, as with an older client. Elsewhere Kitex takes
     * one too, where it cannot mean anything: nothing is thrown that a handler did not throw.
     */
    private void linkDefaults(
            Map<FieldNode, Field> linked, FieldLinker.Place place, String where, Scope scope, boolean effective) {
        linked.forEach((node, field) -> {
            if (node.defaultValue() == null) {
                return;
            }
            String what = place.noun() + " " + Diagnostics.shown(field.name()) + " " + where;
            Value value = values.link(node.defaultValue(), field.type(), what, scope);
            if (value != null && effective) {
                field.complete(value);
            } else if (value != null) {
                diagnostics.warn(
                        node.defaultValue().position(), what + ": the default has no effect (expected: none here)");
            }
        });
    }

    private void checkOneway(FunctionNode node, String service) {
        String function =
                "function " + Diagnostics.shown(node.label().name()) + " in service " + Diagnostics.shown(service);
        if (node.returnType() != null) {
            diagnostics.error(node.returnType().position(), function + " is oneway and has a result (expected: void)");
        }
        if (!node.exceptions().isEmpty()) {
            diagnostics.error(
                    node.exceptions().get(0).label().position(),
                    function + " is oneway and throws (expected: nothing; no reply is sent)");
        }
    }

    private void checkThrows(FunctionNode node, Map<FieldNode, Field> exceptions, String where) {
        Map<StructType, String> thrown = new HashMap<>();
        for (FieldNode each : node.exceptions()) {
            Field field = exceptions.get(each);
            String name = Diagnostics.shown(each.label().name());
            if (each.label().name().equals("success")) {
                diagnostics.error(
                        each.label().position(),
                        "exception success " + where + " has the name of the result (expected: another name)");
            }
            if (field == null) {
                continue;
            }
            if (field.id() == 0) {
                diagnostics.error(
                        each.id() == null ? each.label().position() : each.id().position(),
                        "exception " + name + " " + where + " has the id 0 of the result (expected: another id)");
            }
            StructType type = FieldLinker.structOf(field.type());
            if (type == null || type.kind() != StructType.Kind.EXCEPTION) {
                diagnostics.error(
                        each.type().position(),
                        "exception " + name + " " + where + " is of type " + field.type() + ", " + describe(type)
                                + " (expected: an exception)");
                continue;
            }
            String other = thrown.putIfAbsent(type, name);
            if (other != null) {
                diagnostics.error(
                        each.type().position(),
                        "exception " + name + " " + where + " is of type " + type.name() + " as is " + other
                                + " (expected: each exception once)");
            }
        }
    }

    private static String describe(@Nullable StructType type) {
        return type == null ? "no exception" : Linker.kindOf(type);
    }
}
