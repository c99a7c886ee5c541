package io.streamx.idl;

import java.util.ArrayList;
import java.util.List;

/** Puts tokens and comments on lines: indents, keeps blank lines, and finds the place for each comment. */
final class FormatPrinter {
    private static final int LINE = 100;
    private static final int INDENT = 4;

    private final StringBuilder out = new StringBuilder();
    private int indent;
    /** The line of the source on which what was written last ends. */
    private int sourceLine;
    /** Whether nothing may follow on this line: a comment goes to its end. */
    private boolean lineEnds;
    /** Whether the next word has nothing before it. */
    private boolean glue = true;
    /** Whether a line has begun, so that the next word needs no blank before it. */
    private boolean bodyStarts = true;
    /** Comments in front of a separator, which come behind it. */
    private List<Token.Comment> carried = new ArrayList<>();

    /** Whether the comments in front of the next token are written already, because it begins a line. */
    private boolean commentsWritten;

    /** How far the printer has got, to go back to when what follows does not fit. */
    record Mark(
            int length,
            int sourceLine,
            boolean lineEnds,
            boolean glue,
            boolean bodyStarts,
            List<Token.Comment> carried) {}

    Mark mark() {
        return new Mark(out.length(), sourceLine, lineEnds, glue, bodyStarts, List.copyOf(carried));
    }

    void reset(Mark mark) {
        out.setLength(mark.length());
        sourceLine = mark.sourceLine();
        lineEnds = mark.lineEnds();
        glue = mark.glue();
        bodyStarts = mark.bodyStarts();
        carried = new ArrayList<>(mark.carried());
    }

    /** Whether the line that is being written is short enough. */
    boolean fits() {
        int start = out.lastIndexOf("\n") + 1;
        return out.length() - start <= LINE;
    }

    /**
     * Begins the line of an element: comments behind the element before it stay on that one's line, those above the element
     * get lines of their own, and blank lines of the source become one.
     */
    void startLine(Token first, boolean blankLine) {
        List<Token.Comment> above = endLine(first);
        commentsWritten = true;
        boolean isFirst = bodyStarts;
        int firstLine = above.isEmpty() ? first.position().line() : above.get(0).startLine();
        boolean hasBlank = firstLine > sourceLine + 1;
        for (int i = 0; i < above.size() && !hasBlank; i++) {
            int next = i + 1 < above.size()
                    ? above.get(i + 1).startLine()
                    : first.position().line();
            hasBlank = next > above.get(i).endLine() + 1;
        }
        boolean forced = blankLine && !hasBlank;
        lines(above, isFirst, forced);
        gap(first.position().line(), isFirst && above.isEmpty(), forced && above.isEmpty());
        beginLine();
    }

    /** Writes comments on lines of their own. */
    private void lines(List<Token.Comment> comments, boolean isFirst, boolean forced) {
        boolean first = true;
        for (Token.Comment comment : comments) {
            gap(comment.startLine(), isFirst && first, forced && first);
            first = false;
            beginLine();
            comment(comment);
        }
    }

    /** A blank line where the source has some in front of {@code line}, or where there must be one. */
    private void gap(int line, boolean isFirst, boolean forced) {
        if (!isFirst && (forced || line > sourceLine + 1)) {
            endLine();
            out.append('\n');
        }
    }

    private void endLine() {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
    }

    private void beginLine() {
        endLine();
        out.append(" ".repeat(indent));
        glue = true;
        lineEnds = false;
        bodyStarts = false;
    }

    /**
     * Writes the comments that stand on the line which was written last, ends that line, and gives the other comments in
     * front of {@code next}.
     */
    private List<Token.Comment> endLine(Token next) {
        List<Token.Comment> comments = takeComments(next);
        int behind = 0;
        while (behind < comments.size()
                && !out.isEmpty()
                && !lineEnds
                && comments.get(behind).startLine() == sourceLine) {
            out.append(' ');
            comment(comments.get(behind));
            behind++;
        }
        if (!out.isEmpty()) {
            out.append('\n');
        }
        lineEnds = false;
        return comments.subList(behind, comments.size());
    }

    private List<Token.Comment> takeComments(Token token) {
        List<Token.Comment> comments = new ArrayList<>(carried);
        if (!commentsWritten) {
            comments.addAll(token.comments());
        }
        commentsWritten = false;
        carried = new ArrayList<>();
        return comments;
    }

    private void comment(Token.Comment comment) {
        boolean first = true;
        for (String line : comment.text().split("\\R", -1)) {
            if (first) {
                out.append(line.stripTrailing());
            } else {
                String stripped = line.strip();
                out.append('\n');
                if (stripped.startsWith("*")) {
                    out.append(" ".repeat(indent + 1)).append(stripped);
                } else {
                    out.append(line.stripTrailing());
                }
            }
            first = false;
        }
        sourceLine = comment.endLine();
        lineEnds = !comment.text().startsWith("/*");
    }

    /** Writes a token, with a blank before it unless it is the first of a line or bracket. */
    void word(Token token) {
        token(token, !glue);
    }

    /** Writes a token with nothing before it. */
    void glued(Token token) {
        token(token, false);
    }

    /** Lets the next word have nothing before it. */
    void glueNext() {
        glue = true;
    }

    private void token(Token token, boolean blank) {
        boolean separated = blank;
        for (Token.Comment comment : takeComments(token)) {
            continueLine();
            if (!isAtStart()) {
                out.append(' ');
            }
            comment(comment);
            separated = true;
        }
        continueLine();
        if (separated && !isAtStart()) {
            out.append(' ');
        }
        if (token.quote() == 0) {
            out.append(token.text());
        } else {
            out.append(token.quote()).append(token.text()).append(token.quote());
        }
        sourceLine = token.endLine();
        glue = false;
    }

    /** Goes on with an element behind a comment that took the rest of its line. */
    private void continueLine() {
        if (lineEnds) {
            out.append('\n').append(" ".repeat(indent + 2 * INDENT));
            lineEnds = false;
        }
    }

    /** Whether the line holds nothing but its indent. */
    private boolean isAtStart() {
        int index = out.length() - 1;
        while (index >= 0 && out.charAt(index) == ' ') {
            index--;
        }
        return index < 0 || out.charAt(index) == '\n';
    }

    void separator() {
        out.append(',');
        glue = false;
    }

    /** Keeps the comments of a separator that is written otherwise. */
    void carry(Token separator) {
        carried.addAll(separator.comments());
        if (separator.comments().isEmpty()) {
            sourceLine = separator.endLine();
        }
    }

    /** Goes into a body: what follows is a level deeper, and comments behind the bracket stay there. */
    void indent() {
        indent += INDENT;
        bodyStarts = true;
    }

    /** Leaves a body and writes its closing bracket, on a line of its own. */
    void outdent(Token close) {
        List<Token.Comment> above = endLine(close);
        lines(above, bodyStarts, false);
        indent -= INDENT;
        beginLine();
        out.append(close.text());
        sourceLine = close.endLine();
        glue = false;
    }

    /** The whole text, at whose end stand the comments at the end of the file. */
    String finish(Token end) {
        List<Token.Comment> above = endLine(end);
        lines(above, bodyStarts, false);
        endLine();
        return out.toString();
    }
}
