package io.streamx.idl;

import java.util.List;

/**
 * A token with the comments in front of it.
 *
 * @param kind what it is
 * @param text as written; of a literal what stands between its quotes; empty at the end of the file
 * @param quote the delimiter of a literal, else 0
 * @param position where it starts
 * @param endLine the line it ends on
 * @param firstOnLine whether only white space and comments stand before it on its line
 * @param comments the comments between the token before and this one
 */
record Token(
        Kind kind,
        String text,
        char quote,
        SourcePosition position,
        int endLine,
        boolean firstOnLine,
        List<Comment> comments) {
    enum Kind {
        NAME,
        NUMBER,
        LITERAL,
        SYMBOL,
        END
    }

    /** A comment with its markers. */
    record Comment(String text, int startLine, int endLine) {}

    boolean isSymbol(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** As messages name it. */
    String shown() {
        return switch (kind) {
            case END -> "end of file";
            case LITERAL -> quote + Diagnostics.shown(text) + quote;
            case NAME, NUMBER, SYMBOL -> "'" + Diagnostics.shown(text) + "'";
        };
    }
}
