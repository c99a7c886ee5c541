package io.streamx.codegen.java;

import java.util.ArrayList;
import java.util.List;

/** Takes the arguments of a Java call apart. What stands in literals is text, whatever it looks like. */
final class Arguments {
    private Arguments() {}

    /** Where the first parenthesis opens; -1 if none does. */
    static int open(String expression) {
        return find(expression, '(', true);
    }

    /** Where the last parenthesis closes; -1 if none does. */
    static int close(String expression) {
        return find(expression, ')', false);
    }

    private static int find(String expression, char wanted, boolean first) {
        int found = -1;
        boolean literal = false;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (literal && c == '\\') {
                i++;
            } else if (c == '"') {
                literal = !literal;
            } else if (!literal && c == wanted) {
                found = i;
                if (first) {
                    return found;
                }
            }
        }
        return found;
    }

    /** The expressions between the commas that are not within parentheses, type arguments or literals. */
    static List<String> split(String arguments) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        int nesting = 0;
        boolean literal = false;
        for (int i = 0; i < arguments.length(); i++) {
            char c = arguments.charAt(i);
            if (literal && c == '\\') {
                i++;
            } else if (c == '"') {
                literal = !literal;
            } else if (!literal && (c == '(' || c == '<')) {
                nesting++;
            } else if (!literal && (c == ')' || c == '>')) {
                nesting--;
            } else if (!literal && nesting == 0 && c == ',') {
                parts.add(arguments.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(arguments.substring(start).strip());
        return parts;
    }
}
