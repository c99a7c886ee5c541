package io.streamx.idl;

import io.streamx.idl.Syntax.ListNode;
import io.streamx.idl.Syntax.MapNode;
import io.streamx.idl.Syntax.NameNode;
import io.streamx.idl.Syntax.ValueNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what the names in values lead to: constants and the values of enums. */
final class ValueNames {
    private static final int LISTED_VALUES = 8;

    private final Diagnostics diagnostics;

    ValueNames(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The value the name leads to, by name; null after an error. */
    @Nullable
    Value find(NameNode node, String what, Scope scope) {
        Set<Value> found = candidates(node.name(), scope);
        if (found.size() == 1) {
            return found.iterator().next();
        }
        if (found.size() > 1) {
            diagnostics.error(
                    node.position(),
                    what + ": '" + node.shown() + "' is ambiguous: "
                            + found.stream().map(ValueNames::describe).sorted().collect(Collectors.joining(" or ")));
        } else if (!mayBeLost(node.name(), scope)) {
            diagnostics.error(
                    node.position(),
                    what + ": undefined value '" + node.shown() + "' (expected: " + hint(node.name(), scope) + ")");
        }
        return null;
    }

    private static String describe(Value value) {
        if (value instanceof Value.EnumConstant constant) {
            EnumValue member = constant.value();
            return "value " + member.name() + " of enum " + member.owner().name() + " at " + member.position();
        }
        Constant constant = ((Value.Reference) value).constant();
        return "const " + constant.name() + " at " + constant.position();
    }

    private static Set<Value> candidates(String name, Scope scope) {
        Set<Value> found = new LinkedHashSet<>();
        int last = name.lastIndexOf('.');
        if (last < 0) {
            addConstant(scope, name, found);
            return found;
        }
        String prefix = name.substring(0, last);
        String member = name.substring(last + 1);
        addEnumValue(scope, prefix, member, found);
        scope.included(prefix).forEach(included -> addConstant(included, member, found));
        int before = prefix.lastIndexOf('.');
        if (before >= 0) {
            String enumName = prefix.substring(before + 1);
            scope.included(prefix.substring(0, before))
                    .forEach(included -> addEnumValue(included, enumName, member, found));
        }
        return found;
    }

    private static void addConstant(Scope scope, String name, Set<Value> found) {
        if (scope.local(name) instanceof Constant constant) {
            found.add(new Value.Reference(constant));
        }
    }

    private static void addEnumValue(Scope scope, String enumName, String name, Set<Value> found) {
        if (scope.local(enumName) instanceof EnumType type) {
            EnumValue value = type.value(name);
            if (value != null) {
                found.add(new Value.EnumConstant(value));
            }
        }
    }

    private static boolean mayBeLost(String name, Scope scope) {
        int last = name.lastIndexOf('.');
        return scope.node().damaged()
                || (last >= 0 && (scope.mayBeLost(name) || scope.mayBeLost(name.substring(0, last))));
    }

    private static String hint(String name, Scope scope) {
        int last = name.lastIndexOf('.');
        String prefix = last < 0 ? name : name.substring(0, last);
        Definition owner = last < 0 ? null : scope.find(prefix);
        if (owner instanceof EnumType type) {
            return "one of " + type.name() + "'s values: " + listed(type);
        }
        if (owner instanceof Typedef typedef
                && typedef.isComplete()
                && typedef.resolved() instanceof IdlType.Named named) {
            return "the enum's own name instead of its typedef: "
                    + named.definition().name() + "." + Diagnostics.shown(name.substring(last + 1));
        }
        for (Definition definition : scope.definitions()) {
            if (definition instanceof EnumType type && type.value(name) != null) {
                return type.name() + "." + name;
            }
        }
        return "a constant, Enum.VALUE, file.CONSTANT or file.Enum.VALUE";
    }

    private static String listed(EnumType type) {
        String names =
                type.values().stream().limit(LISTED_VALUES).map(EnumValue::name).collect(Collectors.joining(", "));
        return type.values().size() > LISTED_VALUES ? names + ", ..." : names;
    }

    /** The constants a value refers to; names that lead nowhere are left to {@link #find}. */
    static List<Constant> constantsIn(ValueNode node, Scope scope) {
        List<Constant> found = new ArrayList<>();
        collect(node, scope, found);
        return found;
    }

    private static void collect(ValueNode node, Scope scope, List<Constant> found) {
        if (node instanceof NameNode name) {
            for (Value candidate : candidates(name.name(), scope)) {
                if (candidate instanceof Value.Reference reference) {
                    found.add(reference.constant());
                }
            }
        } else if (node instanceof ListNode list) {
            list.elements().forEach(element -> collect(element, scope, found));
        } else if (node instanceof MapNode map) {
            for (Map.Entry<ValueNode, ValueNode> entry : map.entries()) {
                collect(entry.getKey(), scope, found);
                collect(entry.getValue(), scope, found);
            }
        }
    }
}
