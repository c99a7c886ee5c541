package io.streamx.idl;

import io.streamx.idl.IdlType.Primitive;
import io.streamx.idl.Syntax.ContainerTypeNode;
import io.streamx.idl.Syntax.NamedTypeNode;
import io.streamx.idl.Syntax.TypeNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns written types into linked ones. */
final class TypeLinker {
    private static final Map<String, Primitive> PRIMITIVES = Map.of(
            "bool", Primitive.BOOL,
            "byte", Primitive.I8,
            "i8", Primitive.I8,
            "i16", Primitive.I16,
            "i32", Primitive.I32,
            "i64", Primitive.I64,
            "double", Primitive.DOUBLE,
            "string", Primitive.STRING,
            "binary", Primitive.BINARY);

    /** What other dialects or a slip of the pen put here, and what to write instead. */
    private static final Map<String, String> HINTS = Map.of(
            "void", "void stands only for the result of a function",
            "list", "a list needs the type of its elements: list<...>",
            "set", "a set needs the type of its elements: set<...>",
            "map", "a map needs the types of its keys and values: map<..., ...>",
            "int", "i32 or i64",
            "long", "i64",
            "float", "double",
            "str", "string",
            "bytes", "binary",
            "uuid", "string or binary; Kitex knows no uuid");

    private final Diagnostics diagnostics;

    TypeLinker(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The linked type with all its typedefs complete, or null after an error. */
    @Nullable
    IdlType link(TypeNode node, Scope scope) {
        IdlType type = asWritten(node, scope);
        return type != null && isComplete(type) ? type : null;
    }

    /** The linked type, its typedefs perhaps not yet complete, or null after an error. */
    @Nullable
    IdlType asWritten(TypeNode node, Scope scope) {
        if (node instanceof NamedTypeNode named) {
            return named(named, scope);
        }
        ContainerTypeNode container = (ContainerTypeNode) node;
        IdlType key = container.key() == null ? null : asWritten(container.key(), scope);
        IdlType element = asWritten(container.element(), scope);
        if (element == null || (key == null && container.key() != null)) {
            return null;
        }
        return switch (container.container()) {
            case LIST -> new IdlType.ListOf(element, container.annotations());
            case SET -> new IdlType.SetOf(element, container.annotations());
            case MAP -> new IdlType.MapOf(key == null ? element : key, element, container.annotations());
        };
    }

    static boolean isComplete(IdlType type) {
        if (type instanceof IdlType.Named named && named.definition() instanceof Typedef typedef) {
            return typedef.isComplete();
        }
        return parts(type).stream().allMatch(TypeLinker::isComplete);
    }

    /** The types a container is made of. */
    static List<IdlType> parts(IdlType type) {
        if (type instanceof IdlType.ListOf list) {
            return List.of(list.element());
        }
        if (type instanceof IdlType.SetOf set) {
            return List.of(set.element());
        }
        return type instanceof IdlType.MapOf map ? List.of(map.key(), map.value()) : List.of();
    }

    private @Nullable IdlType named(NamedTypeNode node, Scope scope) {
        Primitive primitive = PRIMITIVES.get(node.name());
        if (primitive != null) {
            return new IdlType.Base(primitive, node.annotations());
        }
        Definition definition = scope.find(node.name());
        if (definition instanceof TypeDefinition type) {
            return new IdlType.Named(type, node.annotations());
        }
        String shown = Diagnostics.shown(node.name());
        if (definition != null) {
            diagnostics.error(
                    node.position(),
                    shown + " is " + Linker.kindOf(definition) + ", not a type (expected: a struct, union, exception, "
                            + "enum or typedef)");
        } else if (!scope.mayBeLost(node.name())) {
            diagnostics.error(
                    node.position(), "undefined type '" + shown + "' (expected: " + hint(node.name(), scope) + ")");
        }
        return null;
    }

    private static String hint(String name, Scope scope) {
        String hint = HINTS.get(name);
        if (hint != null) {
            return hint;
        }
        if (name.startsWith("required") || name.startsWith("optional")) {
            return "a blank behind '" + name.substring(0, 8) + "', or a type of that name";
        }
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            for (Map.Entry<Syntax.IncludeNode, Scope> include : scope.includes().entrySet()) {
                if (include.getValue().local(name) instanceof TypeDefinition) {
                    return include.getValue().document().name() + "." + name;
                }
            }
            return "a base type or one defined in this file";
        }
        String prefix = Diagnostics.shown(name.substring(0, dot));
        if (scope.included(name.substring(0, dot)).isEmpty()) {
            return "include \"" + prefix + ".thrift\"; only files this one includes itself are seen";
        }
        return "a type defined in " + prefix + ".thrift";
    }
}
