package io.streamx.idl;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the parser makes of a file: names not yet linked. */
final class Syntax {
    private Syntax() {}

    /**
     * One file.
     *
     * @param damaged whether parts are missing because of syntax errors
     * @param namesLost whether whole definitions are, so that an undefined name proves nothing
     */
    record FileNode(
            List<IncludeNode> includes,
            List<Namespace> namespaces,
            List<DefinitionNode> definitions,
            boolean damaged,
            boolean namesLost) {}

    record IncludeNode(String path, SourcePosition position) {}

    /** What every named element has. */
    record Label(String name, @Nullable String doc, Annotations annotations, SourcePosition position) {}

    sealed interface TypeNode {
        SourcePosition position();
    }

    record NamedTypeNode(String name, Annotations annotations, SourcePosition position) implements TypeNode {}

    enum Container {
        LIST,
        SET,
        MAP
    }

    record ContainerTypeNode(
            Container container,
            @Nullable TypeNode key,
            TypeNode element,
            Annotations annotations,
            SourcePosition position)
            implements TypeNode {}

    sealed interface ValueNode {
        SourcePosition position();

        /** As messages name it. */
        String shown();
    }

    /** An integer; one that is not valid has been reported and counts as 0. */
    record IntNode(long value, String shown, SourcePosition position, boolean valid) implements ValueNode {}

    record DoubleNode(double value, String shown, SourcePosition position) implements ValueNode {}

    /** Text between quotes, escapes not resolved. */
    record LiteralNode(String raw, char quote, SourcePosition position) implements ValueNode {
        @Override
        public String shown() {
            return quote + Diagnostics.shown(raw) + quote;
        }
    }

    record NameNode(String name, SourcePosition position) implements ValueNode {
        @Override
        public String shown() {
            return Diagnostics.shown(name);
        }
    }

    record ListNode(List<ValueNode> elements, SourcePosition position) implements ValueNode {
        @Override
        public String shown() {
            return "a list";
        }
    }

    record MapNode(List<Map.Entry<ValueNode, ValueNode>> entries, SourcePosition position) implements ValueNode {
        @Override
        public String shown() {
            return "a map";
        }
    }

    /** A field id as written; one that is not valid has been reported. */
    record FieldId(int value, String shown, SourcePosition position, boolean valid) {}

    record FieldNode(
            @Nullable FieldId id,
            Requiredness requiredness,
            TypeNode type,
            @Nullable ValueNode defaultValue,
            Label label) {}

    record EnumValueNode(@Nullable IntNode number, Label label) {}

    record FunctionNode(
            boolean oneway,
            @Nullable TypeNode returnType,
            List<FieldNode> arguments,
            List<FieldNode> exceptions,
            Label label) {}

    sealed interface DefinitionNode {
        Label label();
    }

    record ConstNode(TypeNode type, ValueNode value, Label label) implements DefinitionNode {}

    record TypedefNode(TypeNode type, Label label) implements DefinitionNode {}

    record EnumNode(List<EnumValueNode> values, Label label) implements DefinitionNode {}

    record StructNode(StructType.Kind kind, List<FieldNode> fields, Label label) implements DefinitionNode {}

    record ServiceNode(@Nullable NameNode base, List<FunctionNode> functions, Label label) implements DefinitionNode {}
}
