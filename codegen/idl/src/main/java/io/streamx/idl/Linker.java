package io.streamx.idl;

import io.streamx.idl.Syntax.ConstNode;
import io.streamx.idl.Syntax.DefinitionNode;
import io.streamx.idl.Syntax.EnumNode;
import io.streamx.idl.Syntax.EnumValueNode;
import io.streamx.idl.Syntax.FieldNode;
import io.streamx.idl.Syntax.Label;
import io.streamx.idl.Syntax.ServiceNode;
import io.streamx.idl.Syntax.StructNode;
import io.streamx.idl.Syntax.TypedefNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Links the files of a run, step by step, each step needing those before it: names, enums, typedefs, the fields of
 * structs, constants, defaults, services.
 */
final class Linker {
    private final List<Scope> scopes;
    private final Diagnostics diagnostics;
    private final TypeLinker types;
    private final FieldLinker fields;
    private final ValueLinker values;
    private final ServiceLinker services;
    private final List<Pending<EnumType, EnumNode>> enums = new ArrayList<>();
    private final List<Pending<Typedef, TypedefNode>> typedefs = new ArrayList<>();
    private final List<Pending<StructType, StructNode>> structs = new ArrayList<>();
    private final List<Pending<Constant, ConstNode>> constants = new ArrayList<>();
    private final List<Pending<Service, ServiceNode>> serviceNodes = new ArrayList<>();
    private final IdentityHashMap<StructNode, Map<FieldNode, Field>> linkedFields = new IdentityHashMap<>();

    /** Takes scopes of which each comes after those it includes. */
    Linker(List<Scope> scopes, Diagnostics diagnostics) {
        this.scopes = scopes;
        this.diagnostics = diagnostics;
        this.types = new TypeLinker(diagnostics);
        this.fields = new FieldLinker(diagnostics, types);
        this.values = new ValueLinker(diagnostics);
        this.services = new ServiceLinker(diagnostics, types, fields, values);
    }

    void link() {
        scopes.forEach(this::declare);
        enums.forEach(this::linkEnum);
        new TypedefLinker(diagnostics, types).link(typedefs);
        structs.forEach(this::linkFields);
        new ConstantLinker(diagnostics, types, values).link(constants);
        structs.forEach(this::linkDefaults);
        for (Pending<Service, ServiceNode> service : serviceNodes) {
            services.add(service.definition(), service.node(), service.scope());
        }
        services.complete();
        List<Constant> inOrder = orderConstants();
        scopes.forEach(scope -> completeDocument(scope, inOrder));
    }

    /** All constants so that each can be computed from those before it; in the order written after an error. */
    private List<Constant> orderConstants() {
        List<Constant> written = constants.stream().map(Pending::definition).toList();
        if (diagnostics.errorCount() > 0) {
            return written;
        }
        Map<Field, StructType> owners = new LinkedHashMap<>();
        structs.forEach(
                struct -> struct.definition().fields().forEach(field -> owners.put(field, struct.definition())));
        List<Field> arguments = new ArrayList<>();
        serviceNodes.forEach(service ->
                service.definition().functions().forEach(function -> arguments.addAll(function.arguments())));
        return new ValueOrder(written, owners, arguments, diagnostics).constants();
    }

    private void declare(Scope scope) {
        for (DefinitionNode node : scope.node().definitions()) {
            Definition definition = create(node, scope);
            Definition other = scope.declare(definition);
            if (other != null) {
                diagnostics.error(
                        node.label().position(),
                        "name " + Diagnostics.shown(node.label().name()) + " is defined twice (first as "
                                + kindOf(other) + " at line " + other.position().line()
                                + "; all definitions of a file share one name space)");
            }
        }
    }

    private Definition create(DefinitionNode node, Scope scope) {
        Declaration declaration = new Declaration(scope.document(), node.label());
        if (node instanceof EnumNode each) {
            return pending(enums, new EnumType(declaration), each, scope);
        }
        if (node instanceof TypedefNode each) {
            return pending(typedefs, new Typedef(declaration), each, scope);
        }
        if (node instanceof StructNode each) {
            return pending(structs, new StructType(declaration, each.kind()), each, scope);
        }
        if (node instanceof ConstNode each) {
            return pending(constants, new Constant(declaration), each, scope);
        }
        return pending(serviceNodes, new Service(declaration), (ServiceNode) node, scope);
    }

    private static <D extends Definition, N extends DefinitionNode> D pending(
            List<Pending<D, N>> list, D definition, N node, Scope scope) {
        list.add(new Pending<>(definition, node, scope));
        return definition;
    }

    private void linkEnum(Pending<EnumType, EnumNode> pending) {
        List<EnumValue> linked = new ArrayList<>();
        Map<String, SourcePosition> names = new HashMap<>();
        Map<Long, String> numbers = new HashMap<>();
        String where = " in enum " + pending.name();
        long previous = -1;
        for (EnumValueNode node : pending.node().values()) {
            Label label = node.label();
            String name = Diagnostics.shown(label.name());
            long number = node.number() == null ? previous + 1 : node.number().value();
            previous = number;
            SourcePosition position =
                    node.number() == null ? label.position() : node.number().position();
            SourcePosition first = names.putIfAbsent(label.name(), label.position());
            if (first != null) {
                diagnostics.error(
                        label.position(),
                        "value " + name + where + " is defined twice (first at line " + first.line() + ")");
            }
            boolean valid = node.number() == null || node.number().valid();
            String other = valid ? numbers.putIfAbsent(number, name) : null;
            if (other != null && first == null) {
                diagnostics.error(
                        position,
                        "number " + number + " of " + name + where + " is taken by " + other
                                + " (expected: another number)");
            }
            if (number != (int) number) {
                diagnostics.error(
                        position,
                        "number " + number + " of " + name + where + " is out of range (expected: " + Integer.MIN_VALUE
                                + " to " + Integer.MAX_VALUE + ")");
            }
            linked.add(new EnumValue(
                    pending.definition(),
                    label.name(),
                    (int) number,
                    label.doc(),
                    label.annotations(),
                    label.position()));
        }
        pending.definition().complete(linked);
    }

    private void linkFields(Pending<StructType, StructNode> pending) {
        StructType.Kind kind = pending.node().kind();
        FieldLinker.Place place = kind == StructType.Kind.UNION ? FieldLinker.Place.UNION : FieldLinker.Place.STRUCT;
        List<FieldNode> nodes = pending.node().fields();
        Map<FieldNode, Field> linked =
                fields.link(nodes, place, "in " + kind.keyword() + " " + pending.name(), pending.scope());
        linkedFields.put(pending.node(), linked);
        boolean damaged = linked.size() < nodes.size() || pending.scope().node().damaged();
        pending.definition().complete(FieldLinker.inOrder(linked), damaged);
    }

    private void linkDefaults(Pending<StructType, StructNode> pending) {
        StructType.Kind kind = pending.node().kind();
        int defaults = 0;
        for (Map.Entry<FieldNode, Field> each :
                linkedFields.getOrDefault(pending.node(), Map.of()).entrySet()) {
            Syntax.ValueNode node = each.getKey().defaultValue();
            if (node == null) {
                continue;
            }
            Field field = each.getValue();
            String what = "field " + Diagnostics.shown(field.name()) + " in " + kind.keyword() + " " + pending.name();
            defaults++;
            if (defaults == 2 && kind == StructType.Kind.UNION) {
                diagnostics.error(
                        node.position(), what + " has a second default (expected: at most one field with a default)");
            }
            Value value = values.link(node, field.type(), what, pending.scope());
            if (value != null) {
                field.complete(value);
            }
        }
    }

    private static void completeDocument(Scope scope, List<Constant> constants) {
        List<Include> includes = new ArrayList<>();
        scope.includes()
                .forEach((include, target) ->
                        includes.add(new Include(include.path(), target.document(), include.position())));
        List<Definition> definitions = scope.definitions();
        Set<Definition> defined = new HashSet<>(definitions);
        scope.document()
                .complete(
                        includes,
                        scope.node().namespaces(),
                        definitions,
                        constants.stream().filter(defined::contains).toList());
    }

    /** With its article, for messages. */
    static String kindOf(Definition definition) {
        if (definition instanceof StructType struct) {
            return (struct.kind() == StructType.Kind.EXCEPTION ? "an " : "a ")
                    + struct.kind().keyword();
        }
        if (definition instanceof EnumType) {
            return "an enum";
        }
        if (definition instanceof Typedef) {
            return "a typedef";
        }
        return definition instanceof Constant ? "a const" : "a service";
    }
}
