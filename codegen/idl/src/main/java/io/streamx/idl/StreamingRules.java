package io.streamx.idl;

import io.streamx.idl.Syntax.FunctionNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code streaming.mode} of a function: what it says, and what it asks of the function. */
final class StreamingRules {
    static final String ANNOTATION = "streaming.mode";

    private static final Map<String, FunctionMode> MODES = Map.of(
            "unary", FunctionMode.UNARY,
            "client", FunctionMode.CLIENT,
            "server", FunctionMode.SERVER,
            "bidirectional", FunctionMode.BIDIRECTIONAL);

    private final Diagnostics diagnostics;

    StreamingRules(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The mode; unary after an error. */
    FunctionMode mode(String service, FunctionNode function) {
        Annotation annotation = function.label().annotations().find(ANNOTATION);
        if (annotation == null) {
            return FunctionMode.UNARY;
        }
        String prefix = "service " + service + ": ";
        String name = Diagnostics.shown(function.label().name());
        if (annotation.values().size() > 1) {
            diagnostics.error(
                    annotation.position(),
                    prefix + name + " has " + annotation.values().size() + " values for " + ANNOTATION
                            + " (expected: at most 1)");
            return FunctionMode.UNARY;
        }
        String value = annotation.values().get(0);
        FunctionMode mode = MODES.get(value);
        if (mode == null) {
            diagnostics.error(
                    annotation.position(),
                    prefix + name + " has the " + ANNOTATION + " \"" + Diagnostics.shown(value)
                            + "\" (expected: \"bidirectional\", \"client\", \"server\" or \"unary\")");
            return FunctionMode.UNARY;
        }
        int arguments = function.arguments().size();
        if (arguments != 1) {
            diagnostics.error(
                    function.label().position(),
                    prefix + "streaming function " + name + " has " + arguments + " arguments (expected: exactly 1)");
            return FunctionMode.UNARY;
        }
        if (mode == FunctionMode.UNARY) {
            diagnostics.warn(
                    annotation.position(),
                    prefix + name
                            + ": streaming.mode=\"unary\" is an ordinary call, as in kitex -streamx (expected: no "
                            + "annotation)");
        }
        return mode;
    }

    /**
     * Checks what streams carry: one struct-like message each way.
     *
     * @param returnType null if void, or after an error
     */
    void checkMessages(String service, FunctionNode node, List<Field> arguments, @Nullable IdlType returnType) {
        String function = "service " + service + ": streaming function "
                + Diagnostics.shown(node.label().name());
        SourcePosition position = node.label().position();
        if (node.oneway()) {
            diagnostics.error(position, function + " is oneway (expected: a result)");
        } else if (node.returnType() == null) {
            diagnostics.error(
                    position, function + " returns void (expected: the struct, union or exception it streams)");
        } else if (returnType != null && FieldLinker.structOf(returnType) == null) {
            diagnostics.error(
                    node.returnType().position(),
                    function + " returns " + returnType + " (expected: a struct, union or exception)");
        }
        for (Field argument : arguments) {
            if (FieldLinker.structOf(argument.type()) == null) {
                diagnostics.error(
                        argument.position(),
                        function + " takes " + argument.type() + " (expected: a struct, union or exception)");
            }
        }
        if (!node.exceptions().isEmpty()) {
            diagnostics.warn(
                    node.exceptions().get(0).label().position(),
                    function + ": throws has no effect on a stream, as in Kitex (expected: none; a thrown exception "
                            + "reaches the peer as an ordinary error)");
        }
    }
}
