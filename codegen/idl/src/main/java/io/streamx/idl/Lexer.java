package io.streamx.idl;

import java.util.ArrayList;
import java.util.List;

/** Cuts a file into tokens, one at a time. Reports what can be no token and goes on behind it. */
final class Lexer {
    private static final String SYMBOLS = "{}()[]<>=:,;*";
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final SourceText source;
    private final String text;
    private final Diagnostics diagnostics;
    private int index;
    private int line = 1;
    private int column = 1;
    private int lastTokenLine;

    Lexer(SourceText source, Diagnostics diagnostics) {
        this.source = source;
        this.text = source.text();
        this.diagnostics = diagnostics;
    }

    Token next() {
        List<Token.Comment> comments = new ArrayList<>();
        skipToToken(comments);
        boolean firstOnLine = line != lastTokenLine;
        SourcePosition start = position();
        int from = index;
        Token.Kind kind;
        char quote = 0;
        String tokenText;
        if (index == text.length()) {
            kind = Token.Kind.END;
            tokenText = "";
        } else if (isLetter(text.charAt(index))) {
            kind = Token.Kind.NAME;
            while (index < text.length() && isNamePart(text.charAt(index))) {
                advance();
            }
            tokenText = text.substring(from, index);
        } else if (startsNumber()) {
            kind = Token.Kind.NUMBER;
            scanNumber();
            tokenText = text.substring(from, index);
        } else if (SYMBOLS.indexOf(text.charAt(index)) >= 0) {
            kind = Token.Kind.SYMBOL;
            advance();
            tokenText = text.substring(from, index);
        } else {
            kind = Token.Kind.LITERAL;
            quote = text.charAt(index);
            tokenText = scanLiteral(start, quote);
        }
        lastTokenLine = line;
        return new Token(kind, tokenText, quote, start, line, firstOnLine, List.copyOf(comments));
    }

    /** Stops at the end or at a character that starts a token. */
    private void skipToToken(List<Token.Comment> comments) {
        while (index < text.length()) {
            char c = text.charAt(index);
            if (isSpace(c)) {
                advance();
            } else if (c == '#' || text.startsWith("//", index)) {
                skipLineComment(comments);
            } else if (text.startsWith("/*", index)) {
                skipBlockComment(comments);
            } else if (isLetter(c) || startsNumber() || SYMBOLS.indexOf(c) >= 0 || c == '"' || c == '\'') {
                return;
            } else {
                skipForeign();
            }
        }
    }

    private void skipLineComment(List<Token.Comment> comments) {
        int from = index;
        while (index < text.length() && text.charAt(index) != '\n' && text.charAt(index) != '\r') {
            advance();
        }
        comments.add(new Token.Comment(text.substring(from, index), line, line));
    }

    private void skipBlockComment(List<Token.Comment> comments) {
        int from = index;
        int end = text.indexOf("*/", index + 2);
        if (end < 0) {
            diagnostics.error(position(), "comment is not closed (expected: '*/' before the end of the file)");
            end = text.length() - 2;
        }
        int startLine = line;
        while (index < end + 2) {
            advance();
        }
        comments.add(new Token.Comment(text.substring(from, index), startLine, line));
    }

    /**
     * Passes over characters that no token has, with one message for all of them: a pasted text in another script is
     * one mistake.
     */
    private void skipForeign() {
        SourcePosition start = position();
        int from = index;
        while (index < text.length() && isForeign(text.charAt(index))) {
            advance();
        }
        if (index == from) {
            advance();
        }
        String run = text.substring(from, index);
        String what = run.charAt(0) == BYTE_ORDER_MARK
                ? "byte order mark (expected: UTF-8 without one)"
                : "character not allowed outside comments and literals: '" + visible(run)
                        + "' (expected: ASCII letters, digits, punctuation, blanks, tabs and line ends)";
        diagnostics.error(start, what);
    }

    private static String visible(String run) {
        int first = run.codePointAt(0);
        boolean invisible = Character.isISOControl(first)
                || Character.isSpaceChar(first)
                || Character.getType(first) == Character.FORMAT
                || Character.getType(first) == Character.UNASSIGNED;
        return invisible ? String.format("U+%04X", first) : Diagnostics.shown(run);
    }

    private void scanNumber() {
        boolean hex = text.startsWith("0x", index);
        advance();
        while (index < text.length()) {
            char c = text.charAt(index);
            char before = text.charAt(index - 1);
            boolean exponentSign = (c == '+' || c == '-') && !hex && (before == 'e' || before == 'E');
            if (!isNamePart(c) && !exponentSign) {
                return;
            }
            advance();
        }
    }

    private String scanLiteral(SourcePosition start, char quote) {
        advance();
        int from = index;
        int lineEnd = -1;
        while (index < text.length() && text.charAt(index) != quote) {
            char c = text.charAt(index);
            if (lineEnd < 0 && (c == '\n' || c == '\r')) {
                lineEnd = index;
            }
            boolean escapesQuote = c == '\\'
                    && index + 1 < text.length()
                    && (text.charAt(index + 1) == '"' || text.charAt(index + 1) == '\'');
            if (escapesQuote) {
                advance();
            }
            advance();
        }
        if (index == text.length()) {
            String rest = text.substring(from, lineEnd < 0 ? index : lineEnd);
            diagnostics.error(
                    start,
                    "literal is not closed: " + quote + Diagnostics.shown(rest) + " (expected: " + quote
                            + "; a backslash in front of it makes it part of the literal)");
            return rest;
        }
        String content = text.substring(from, index);
        advance();
        if (!source.intact() && content.indexOf('\uFFFD') >= 0) {
            diagnostics.error(
                    start, "literal is no UTF-8: " + quote + Diagnostics.shown(content) + quote + " (expected: UTF-8)");
        }
        return content;
    }

    private boolean startsNumber() {
        char c = text.charAt(index);
        if (isDigit(c)) {
            return true;
        }
        if (c != '+' && c != '-' && c != '.') {
            return false;
        }
        char next = index + 1 < text.length() ? text.charAt(index + 1) : 0;
        return isDigit(next) || (c != '.' && next == '.');
    }

    /** Goes one character on. CR LF, CR and LF each end a line. */
    private void advance() {
        char c = text.charAt(index++);
        if (c == '\n' || (c == '\r' && !text.startsWith("\n", index))) {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate(c)) {
            column++;
        }
    }

    private SourcePosition position() {
        return new SourcePosition(source.file(), line, column);
    }

    private static boolean isForeign(char c) {
        return c > 0x7e && c != BYTE_ORDER_MARK;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == 0x0b || c == '\r' || c == '\n';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNamePart(char c) {
        return isLetter(c) || isDigit(c) || c == '.';
    }
}
