package io.streamx.idl;

import io.streamx.idl.IdlType.Primitive;
import io.streamx.idl.Syntax.DoubleNode;
import io.streamx.idl.Syntax.IntNode;
import io.streamx.idl.Syntax.ListNode;
import io.streamx.idl.Syntax.LiteralNode;
import io.streamx.idl.Syntax.MapNode;
import io.streamx.idl.Syntax.NameNode;
import io.streamx.idl.Syntax.ValueNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts written values to the types they are declared with. */
final class ValueLinker {
    private final Diagnostics diagnostics;
    private final ValueNames names;

    ValueLinker(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.names = new ValueNames(diagnostics);
    }

    /**
     * Converts.
     *
     * @param what the declaration, as messages start with it
     * @return the value, or null after an error
     */
    @Nullable
    Value link(ValueNode node, IdlType type, String what, Scope scope) {
        IdlType resolved = type.resolved();
        if (node instanceof NameNode name && !isBoolean(name)) {
            Value found = names.find(name, what, scope);
            return found == null ? null : named(name, found, resolved, what);
        }
        if (resolved instanceof IdlType.Base base) {
            return primitive(node, base.primitive(), what);
        }
        if (resolved instanceof IdlType.ListOf list) {
            return elements(node, list.element(), resolved, what, scope);
        }
        if (resolved instanceof IdlType.SetOf set) {
            Value elements = elements(node, set.element(), resolved, what, scope);
            return elements instanceof Value.Elements all ? distinct(all, node, what) : elements;
        }
        if (resolved instanceof IdlType.MapOf map) {
            return entries(node, map, what, scope);
        }
        TypeDefinition definition = ((IdlType.Named) resolved).definition();
        return definition instanceof StructType struct
                ? members(node, struct, what, scope)
                : enumNumber(node, (EnumType) definition, what);
    }

    private static boolean isBoolean(NameNode name) {
        return name.name().equals("true") || name.name().equals("false");
    }

    private @Nullable Value misfit(ValueNode node, IdlType type, String what, String expected) {
        diagnostics.error(
                node.position(),
                what + ": value " + node.shown() + " does not fit " + type + " (expected: " + expected + ")");
        return null;
    }

    private @Nullable Value named(NameNode node, Value found, IdlType type, String what) {
        boolean integer = type instanceof IdlType.Base base && TypeRules.isInteger(base.primitive());
        if (found instanceof Value.EnumConstant constant) {
            EnumValue value = constant.value();
            if (integer) {
                return ranged(node, value.number(), ((IdlType.Base) type).primitive(), what);
            }
            boolean same = type instanceof IdlType.Named named && named.definition() == value.owner();
            return same ? found : misfit(node, type, what, TypeRules.expected(type));
        }
        Constant constant = ((Value.Reference) found).constant();
        if (!constant.isComplete()) {
            return null;
        }
        if (TypeRules.same(type, constant.type())) {
            return found;
        }
        Long number = integer ? number(TypeRules.end(constant)) : null;
        if (number != null) {
            return ranged(node, number, ((IdlType.Base) type).primitive(), what);
        }
        diagnostics.error(
                node.position(),
                what + ": const " + node.shown() + " is a " + constant.type() + ", which does not fit " + type
                        + " (expected: " + TypeRules.expected(type) + ")");
        return null;
    }

    /** What a constant gives where an integer is declared: its number, if it is an integer or of an enum. */
    private static @Nullable Long number(Value end) {
        if (end instanceof Value.Int number) {
            return number.value();
        }
        if (end instanceof Value.EnumConstant constant) {
            return (long) constant.value().number();
        }
        return end instanceof Value.EnumNumber number ? (long) number.number() : null;
    }

    private @Nullable Value primitive(ValueNode node, Primitive primitive, String what) {
        IdlType type = new IdlType.Base(primitive, Annotations.NONE);
        boolean truth = node instanceof NameNode name && name.name().equals("true");
        Value value = switch (primitive) {
            case BOOL -> {
                if (node instanceof IntNode number) {
                    yield new Value.Bool(number.value() > 0);
                }
                if (node instanceof DoubleNode number) {
                    yield new Value.Bool(number.value() > 0);
                }
                yield node instanceof NameNode ? new Value.Bool(truth) : null;
            }
            case I8, I16, I32, I64 -> {
                if (node instanceof IntNode number) {
                    yield ranged(node, number.value(), primitive, what);
                }
                yield node instanceof NameNode ? new Value.Int(truth ? 1 : 0) : null;
            }
            case DOUBLE -> {
                if (node instanceof IntNode number) {
                    yield new Value.Real(number.value());
                }
                if (node instanceof DoubleNode number) {
                    yield new Value.Real(number.value());
                }
                yield node instanceof NameNode ? new Value.Real(truth ? 1 : 0) : null;
            }
            case STRING -> {
                String text = node instanceof LiteralNode literal ? LiteralText.text(literal, diagnostics) : null;
                yield text == null ? null : new Value.Text(text);
            }
            case BINARY -> {
                byte[] bytes = node instanceof LiteralNode literal ? LiteralText.bytes(literal, diagnostics) : null;
                yield bytes == null ? null : new Value.Bytes(bytes);
            }
        };
        boolean reported = node instanceof LiteralNode
                ? primitive == Primitive.STRING || primitive == Primitive.BINARY
                : node instanceof IntNode && TypeRules.isInteger(primitive);
        return value != null || reported ? value : misfit(node, type, what, TypeRules.expected(type));
    }

    private @Nullable Value ranged(ValueNode node, long number, Primitive primitive, String what) {
        long max = TypeRules.maximum(primitive);
        if (number < -max - 1 || number > max) {
            diagnostics.error(
                    node.position(),
                    what + ": value " + node.shown() + " is out of range of " + primitive.keyword() + " (expected: "
                            + (-max - 1) + " to " + max + ")");
            return null;
        }
        return new Value.Int(number);
    }

    private @Nullable Value enumNumber(ValueNode node, EnumType type, String what) {
        if (!(node instanceof IntNode number)) {
            IdlType named = new IdlType.Named(type, Annotations.NONE);
            return misfit(node, named, what, TypeRules.expected(named));
        }
        if (ranged(node, number.value(), Primitive.I32, what) == null) {
            return null;
        }
        EnumValue value = type.value((int) number.value());
        return value == null ? new Value.EnumNumber((int) number.value()) : new Value.EnumConstant(value);
    }

    private @Nullable Value elements(ValueNode node, IdlType element, IdlType type, String what, Scope scope) {
        if (!(node instanceof ListNode list)) {
            if (!(node instanceof MapNode map && map.entries().isEmpty())) {
                warnEmpty(node, type, what);
            }
            return new Value.Elements(List.of());
        }
        List<Value> elements = new ArrayList<>();
        for (ValueNode each : list.elements()) {
            Value value = link(each, element, what, scope);
            if (value != null) {
                elements.add(value);
            }
        }
        return elements.size() == list.elements().size() ? new Value.Elements(elements) : null;
    }

    private Value distinct(Value.Elements all, ValueNode node, String what) {
        Set<Value> seen = new HashSet<>();
        List<Value> distinct = all.elements().stream()
                .filter(value -> seen.add(TypeRules.end(value)))
                .toList();
        if (distinct.size() < all.elements().size()) {
            diagnostics.warn(node.position(), what + ": the set holds a value twice; it is taken once");
        }
        return new Value.Elements(distinct);
    }

    private void warnEmpty(ValueNode node, IdlType type, String what) {
        diagnostics.warn(
                node.position(),
                what + ": value " + node.shown() + " gives an empty " + type + ", as in Kitex (expected: "
                        + TypeRules.expected(type) + ")");
    }

    private @Nullable Value entries(ValueNode node, IdlType.MapOf type, String what, Scope scope) {
        if (!(node instanceof MapNode map)) {
            if (!(node instanceof ListNode list && list.elements().isEmpty())) {
                warnEmpty(node, type, what);
            }
            return new Value.Entries(List.of());
        }
        List<Map.Entry<Value, Value>> entries = new ArrayList<>();
        Set<Value> keys = new HashSet<>();
        for (Map.Entry<ValueNode, ValueNode> each : map.entries()) {
            Value key = link(each.getKey(), type.key(), what, scope);
            Value value = link(each.getValue(), type.value(), what, scope);
            if (key != null && !keys.add(TypeRules.end(key))) {
                diagnostics.error(
                        each.getKey().position(),
                        what + ": key " + each.getKey().shown() + " stands twice in the map (expected: once)");
            } else if (key != null && value != null) {
                entries.add(Map.entry(key, value));
            }
        }
        return entries.size() == map.entries().size() ? new Value.Entries(entries) : null;
    }

    private @Nullable Value members(ValueNode node, StructType type, String what, Scope scope) {
        if (!(node instanceof MapNode map)) {
            IdlType named = new IdlType.Named(type, Annotations.NONE);
            return misfit(node, named, what, TypeRules.expected(named));
        }
        List<Map.Entry<Field, Value>> members = new ArrayList<>();
        Set<Field> seen = new HashSet<>();
        for (Map.Entry<ValueNode, ValueNode> each : map.entries()) {
            Field field = member(each.getKey(), type, what);
            if (field == null) {
                continue;
            }
            Value value = link(each.getValue(), field.type(), what, scope);
            if (!seen.add(field)) {
                diagnostics.error(
                        each.getKey().position(),
                        what + ": field " + each.getKey().shown() + " stands twice (expected: once)");
            } else if (value != null) {
                members.add(Map.entry(field, value));
            }
        }
        if (type.kind() == StructType.Kind.UNION && map.entries().size() != 1) {
            diagnostics.error(
                    node.position(),
                    what + ": union " + type.name() + " gets " + map.entries().size()
                            + " fields (expected: exactly 1)");
            return null;
        }
        return members.size() == map.entries().size() ? new Value.Members(type, members) : null;
    }

    private @Nullable Field member(ValueNode key, StructType type, String what) {
        if (!(key instanceof LiteralNode literal)) {
            diagnostics.error(
                    key.position(),
                    what + ": key " + key.shown() + " of a " + type.kind().keyword()
                            + " (expected: the name of a field in quotes)");
            return null;
        }
        Field field = type.field(literal.raw());
        if (field == null && !type.isDamaged()) {
            diagnostics.error(
                    key.position(),
                    what + ": " + type.kind().keyword() + " " + type.name() + " has no field " + literal.shown()
                            + " (expected: one of " + TypeRules.listed(type) + ")");
        }
        return field;
    }
}
