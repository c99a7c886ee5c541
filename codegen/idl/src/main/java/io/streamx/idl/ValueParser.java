package io.streamx.idl;

import io.streamx.idl.Syntax.DoubleNode;
import io.streamx.idl.Syntax.IntNode;
import io.streamx.idl.Syntax.ListNode;
import io.streamx.idl.Syntax.LiteralNode;
import io.streamx.idl.Syntax.MapNode;
import io.streamx.idl.Syntax.NameNode;
import io.streamx.idl.Syntax.ValueNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses what stands behind {@code =}: constant values, and the annotation lists. */
final class ValueParser {
    /** Deeper than any IDL written by hand, and far from the end of the smallest stack. */
    static final int MAX_NESTING = 100;

    private final TokenStream tokens;
    private final Diagnostics diagnostics;

    ValueParser(TokenStream tokens, Diagnostics diagnostics) {
        this.tokens = tokens;
        this.diagnostics = diagnostics;
    }

    ValueNode value(String where) throws SyntaxException {
        return value(where, 0);
    }

    private ValueNode value(String where, int depth) throws SyntaxException {
        Token token = tokens.current();
        if (depth > MAX_NESTING) {
            throw new SyntaxException(
                    token.position(), "value " + where + " is nested deeper than " + MAX_NESTING + " levels");
        }
        return switch (token.kind()) {
            case NUMBER -> number(tokens.take());
            case LITERAL -> new LiteralNode(tokens.take().text(), token.quote(), token.position());
            case NAME -> new NameNode(tokens.take().text(), token.position());
            case SYMBOL -> {
                if (token.isSymbol('[')) {
                    yield list(where, depth);
                }
                if (token.isSymbol('{')) {
                    yield map(where, depth);
                }
                throw tokens.unexpected(where, "a value");
            }
            case END -> throw tokens.unexpected(where, "a value");
        };
    }

    private ListNode list(String where, int depth) throws SyntaxException {
        SourcePosition start = tokens.take().position();
        List<ValueNode> elements = new ArrayList<>();
        while (!tokens.takeSymbol(']')) {
            elements.add(value(where, depth + 1));
            tokens.takeSeparator();
        }
        return new ListNode(elements, start);
    }

    private MapNode map(String where, int depth) throws SyntaxException {
        SourcePosition start = tokens.take().position();
        List<Map.Entry<ValueNode, ValueNode>> entries = new ArrayList<>();
        while (!tokens.takeSymbol('}')) {
            ValueNode key = value(where, depth + 1);
            tokens.expect(':', where + " behind the key " + key.shown());
            entries.add(Map.entry(key, value(where, depth + 1)));
            tokens.takeSeparator();
        }
        return new MapNode(entries, start);
    }

    private ValueNode number(Token token) {
        String shown = Diagnostics.shown(token.text());
        if (!Numbers.isDouble(token.text())) {
            return integer(token);
        }
        double value = Double.parseDouble(token.text());
        if (Double.isInfinite(value)) {
            diagnostics.error(
                    token.position(), "number out of range: " + shown + " (expected: within a 64-bit double)");
            value = 0;
        }
        return new DoubleNode(value, shown, token.position());
    }

    /** An integer of at most 64 bits; anything else is reported and counts as 0. */
    IntNode integerNode(String where) throws SyntaxException {
        Token token = tokens.current();
        if (token.kind() != Token.Kind.NUMBER) {
            throw tokens.unexpected(where, "an integer");
        }
        return integer(tokens.take());
    }

    private IntNode integer(Token token) {
        String shown = Diagnostics.shown(token.text());
        BigInteger value = Numbers.integer(token.text());
        if (value == null) {
            boolean octal = Numbers.decimal(token.text()) != null;
            diagnostics.error(
                    token.position(),
                    octal
                            ? "malformed number '" + shown + "': a leading zero means octal (expected: digits 0 to 7)"
                            : "malformed number '" + shown + "' (expected: as 12, 0x1f, 0o17, 1.5 or 1e3)");
            return new IntNode(0, shown, token.position(), false);
        }
        if (!Numbers.fits(value, Long.SIZE)) {
            diagnostics.error(
                    token.position(),
                    "number out of range: " + shown + " (expected: " + Long.MIN_VALUE + " to " + Long.MAX_VALUE + ")");
            return new IntNode(0, shown, token.position(), false);
        }
        return new IntNode(value.longValue(), shown, token.position(), true);
    }

    /** An annotation list if there is one. */
    Annotations annotations(String where) throws SyntaxException {
        if (!tokens.takeSymbol('(')) {
            return Annotations.NONE;
        }
        Map<String, Annotation> entries = new LinkedHashMap<>();
        while (!tokens.takeSymbol(')')) {
            Token key = tokens.expectName("in the annotations " + where, "a key or ')'");
            if (!tokens.takeSymbol('=')) {
                throw new SyntaxException(
                        key.position(),
                        "annotation " + Diagnostics.shown(key.text()) + " has no value (expected: "
                                + Diagnostics.shown(key.text()) + " = \"...\")");
            }
            Token value = tokens.expectLiteral(
                    "as value of annotation " + Diagnostics.shown(key.text()), "a literal in quotes");
            List<String> values = new ArrayList<>();
            Annotation before = entries.get(key.text());
            if (before != null) {
                values.addAll(before.values());
            }
            values.add(withoutQuoteEscapes(value));
            SourcePosition position = before == null ? key.position() : before.position();
            entries.put(key.text(), new Annotation(key.text(), values, position));
            tokens.takeSeparator();
        }
        return new Annotations(List.copyOf(entries.values()));
    }

    /** A literal that is no constant: only the delimiter is escaped, other backslashes stand for themselves. */
    static String withoutQuoteEscapes(Token literal) {
        String raw = literal.text();
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '\\' && i + 1 < raw.length()) {
                char next = raw.charAt(i + 1);
                if (next == literal.quote()) {
                    continue;
                }
                if (next == '\\') {
                    out.append(c);
                    i++;
                }
            }
            out.append(c);
        }
        return out.toString();
    }
}
