package io.streamx.idl;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tokens of a file with what a recursive-descent parser asks of them, and the way back after an error. */
final class TokenStream {
    static final Set<String> DEFINITION_WORDS =
            Set.of("const", "typedef", "enum", "struct", "union", "exception", "service");

    private final Lexer lexer;
    private final Diagnostics diagnostics;
    private final List<Token> ahead = new ArrayList<>();
    private int nesting;
    private int lastLine;
    private int taken;
    private boolean damaged;

    TokenStream(SourceText source, Diagnostics diagnostics) {
        this.lexer = new Lexer(source, diagnostics);
        this.diagnostics = diagnostics;
    }

    Token current() {
        return peek(0);
    }

    Token peek(int distance) {
        while (ahead.size() <= distance) {
            ahead.add(lexer.next());
        }
        return ahead.get(distance);
    }

    Token take() {
        Token token = current();
        if (token.kind() == Token.Kind.END) {
            return token;
        }
        ahead.remove(0);
        taken++;
        lastLine = token.endLine();
        if (token.kind() == Token.Kind.SYMBOL) {
            char symbol = token.text().charAt(0);
            if (symbol == '{' || symbol == '(' || symbol == '[') {
                nesting++;
            } else if (symbol == '}' || symbol == ')' || symbol == ']') {
                nesting--;
            }
        }
        return token;
    }

    /** The line the last taken token ended on, 0 before the first. */
    int lastLine() {
        return lastLine;
    }

    boolean takeSymbol(char symbol) {
        boolean there = current().isSymbol(symbol);
        if (there) {
            take();
        }
        return there;
    }

    boolean takeWord(String word) {
        boolean there = current().isName(word);
        if (there) {
            take();
        }
        return there;
    }

    void takeSeparator() {
        if (current().isSymbol(',') || current().isSymbol(';')) {
            take();
        }
    }

    void expect(char symbol, String where) throws SyntaxException {
        if (!takeSymbol(symbol)) {
            throw unexpected(where, "'" + symbol + "'");
        }
    }

    Token expectName(String where, String what) throws SyntaxException {
        if (current().kind() != Token.Kind.NAME) {
            throw unexpected(where, what);
        }
        return take();
    }

    Token expectLiteral(String where, String what) throws SyntaxException {
        if (current().kind() != Token.Kind.LITERAL) {
            throw unexpected(where, what);
        }
        return take();
    }

    SyntaxException unexpected(String where, String expected) {
        return new SyntaxException(
                current().position(),
                "unexpected " + current().shown() + " " + where + " (expected: " + expected + ")");
    }

    void report(SyntaxException failure) {
        damaged = true;
        diagnostics.error(failure.position(), String.valueOf(failure.getMessage()));
    }

    /** Whether an error has cost a part of the file. */
    boolean damaged() {
        return damaged;
    }

    int nesting() {
        return nesting;
    }

    /** Goes on as if brackets were balanced, after those in between have been reported. */
    void restoreNesting(int nesting) {
        this.nesting = nesting;
    }

    /** How many tokens were taken so far. */
    int taken() {
        return taken;
    }

    /**
     * Goes on to where the next element of a body may start: behind a separator, at the first token of a line, or at
     * the end of the body.
     *
     * @param bodyNesting the nesting within the body
     * @param elementStart {@link #taken()} where the broken element started; at least one token is skipped from there,
     *     so that a parser always moves on
     */
    void skipToNextElement(int bodyNesting, int elementStart) {
        while (current().kind() != Token.Kind.END && nesting >= bodyNesting && !startsNextDefinition()) {
            Token token = current();
            if (nesting == bodyNesting) {
                if (token.isSymbol('}') || token.isSymbol(')') || token.isSymbol(']')) {
                    return;
                }
                if (token.isSymbol(',') || token.isSymbol(';')) {
                    take();
                    return;
                }
                boolean startsElement = token.kind() == Token.Kind.NAME || token.kind() == Token.Kind.NUMBER;
                if (taken > elementStart && token.firstOnLine() && startsElement) {
                    return;
                }
            }
            take();
        }
    }

    /** Goes on to the next word that starts a definition. */
    void skipToNextDefinition() {
        while (current().kind() != Token.Kind.END) {
            boolean outside = nesting <= 0 || current().position().column() == 1;
            if (outside && current().firstOnLine() && startsDefinition(current())) {
                break;
            }
            take();
        }
        nesting = 0;
    }

    /**
     * Whether what follows is so surely the next definition that the body before it lacks its end: a definition's word
     * at the start of a line, with a name and a brace behind it.
     */
    boolean startsNextDefinition() {
        Token token = current();
        if (token.position().column() != 1 || !startsDefinition(token) || peek(1).kind() != Token.Kind.NAME) {
            return false;
        }
        return peek(2).isSymbol('{') || peek(2).isName("extends");
    }

    static boolean startsDefinition(Token token) {
        return token.kind() == Token.Kind.NAME && DEFINITION_WORDS.contains(token.text());
    }

    /** The comment above the current token. */
    @Nullable
    String docAbove() {
        return DocComment.above(current(), lastLine);
    }

    /** The comment behind the last taken token. */
    @Nullable
    String docBehind() {
        return DocComment.behind(current(), lastLine);
    }
}
