package io.streamx.codegen.java;

import java.util.List;

/** Java text in the making: lines with their indentation, and where long ones break. */
public final class Code {
    private static final int MAX_COLUMNS = 120;
    private static final String INDENT = "    ";
    private static final int CONTINUATION_DEPTH = 2;
    private static final String CONTINUATION = INDENT.repeat(CONTINUATION_DEPTH);

    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** A line; several if {@code line} has line feeds. */
    public Code line(String line) {
        for (String one : line.split("\n", -1)) {
            text.append(one.isEmpty() ? "" : INDENT.repeat(depth)).append(one).append('\n');
        }
        return this;
    }

    public Code blank() {
        text.append('\n');
        return this;
    }

    /** A line that opens a block. */
    public Code open(String line) {
        line(line);
        depth++;
        return this;
    }

    /** A line that closes a block. */
    public Code close(String line) {
        depth--;
        return line(line);
    }

    /** A line that closes a block and opens the next. */
    public Code reopen(String line) {
        depth--;
        return open(line);
    }

    /** The one statement of the block that the line before has opened, and the end of the block. */
    public Code body(String statement) {
        depth++;
        expression(statement);
        return close("}");
    }

    /** {@code head}, arguments with commas between, {@code tail}: on one line, or broken where they fit. */
    public Code list(String head, List<String> arguments, String tail) {
        String joined = String.join(", ", arguments);
        if (fits(head + joined + tail)) {
            return line(head + joined + tail);
        }
        line(head);
        depth += CONTINUATION_DEPTH;
        if (fits(joined + tail)) {
            line(joined + tail);
        } else {
            for (int i = 0; i < arguments.size(); i++) {
                expression(arguments.get(i) + (i + 1 < arguments.size() ? "," : tail));
            }
        }
        depth -= CONTINUATION_DEPTH;
        return this;
    }

    /** An expression or statement; one that is too long is broken within its outermost parentheses. */
    public Code expression(String expression) {
        int open = Arguments.open(expression);
        int close = Arguments.close(expression);
        if (fits(expression) || open < 0 || close <= open + 1) {
            return line(expression);
        }
        // Of nested calls such as f(g(x)), the inner parentheses that end together are broken by the recursion.
        return list(
                expression.substring(0, open + 1),
                Arguments.split(expression.substring(open + 1, close)),
                expression.substring(close));
    }

    /** A variable that begins with the result of a call and of another chained to it, each on a line of its own. */
    public Code assignCall(String variable, String call, List<String> arguments, String chained) {
        line(variable + " =");
        depth += CONTINUATION_DEPTH;
        list(call + "(", arguments, ")");
        line(CONTINUATION + chained + ";");
        depth -= CONTINUATION_DEPTH;
        return this;
    }

    /** A line of a switch, broken behind the arrow when it is too long. */
    public Code arrow(String label, String result) {
        if (fits(label + " -> " + result)) {
            return line(label + " -> " + result);
        }
        line(label + " ->");
        depth++;
        expression(result);
        depth--;
        return this;
    }

    /** {@code head}, pieces of a string expression, {@code tail}: on one line, or a piece a line. */
    public Code concatenation(String head, List<String> pieces, String tail) {
        String joined = head + String.join(" + ", pieces) + tail;
        if (fits(joined)) {
            return line(joined);
        }
        line(head + pieces.get(0));
        for (int i = 1; i < pieces.size(); i++) {
            line(CONTINUATION + "+ " + pieces.get(i) + (i + 1 < pieces.size() ? "" : tail));
        }
        return this;
    }

    /** A block opened by {@link #list} begins. */
    public Code indent() {
        depth++;
        return this;
    }

    /** What {@link #indent} began ends. */
    public Code outdent() {
        depth--;
        return this;
    }

    /** A variable, with a value unless that is empty. */
    public Code declare(String variable, String value) {
        return value.isEmpty() ? line(variable + ";") : assign(variable, value);
    }

    /** {@code target = value}, broken behind the sign when it is too long. */
    public Code assign(String target, String value) {
        if (fits(target + " = " + value + ";")) {
            return line(target + " = " + value + ";");
        }
        line(target + " =");
        depth += CONTINUATION_DEPTH;
        expression(value + ";");
        depth -= CONTINUATION_DEPTH;
        return this;
    }

    /** An expression and the calls chained to it, one below the other when they do not fit. */
    public Code chain(String start, List<String> calls) {
        String joined = start + String.join("", calls) + ";";
        if (fits(joined) && calls.size() <= 2) {
            return line(joined);
        }
        line(start);
        for (int i = 0; i < calls.size(); i++) {
            String call = calls.get(i).replace("\n", "\n" + CONTINUATION);
            line(CONTINUATION + call + (i + 1 < calls.size() ? "" : ";"));
        }
        return this;
    }

    /** How many characters still fit in a line. */
    public int columns() {
        return MAX_COLUMNS - depth * INDENT.length();
    }

    private boolean fits(String line) {
        return line.length() <= columns();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
