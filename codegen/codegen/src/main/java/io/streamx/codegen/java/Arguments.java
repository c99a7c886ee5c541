package io.streamx.codegen.java;

import java.util.ArrayList;
import java.util.List;

/** Takes the arguments of a Java call apart. */
final class Arguments {
    private Arguments() {}

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
