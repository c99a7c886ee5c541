package io.streamx.idl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the comment that belongs to an element and takes its markers off. */
final class DocComment {
    private DocComment() {}

    /**
     * The comments that touch the element from above: no blank line between. What stands on the line of the token
     * before belongs to that one.
     */
    static @Nullable String above(Token element, int lastTokenLine) {
        List<Token.Comment> touching = new ArrayList<>();
        int below = element.position().line();
        List<Token.Comment> comments = element.comments();
        for (int i = comments.size() - 1; i >= 0; i--) {
            Token.Comment comment = comments.get(i);
            if (comment.endLine() < below - 1 || comment.startLine() == lastTokenLine) {
                break;
            }
            touching.add(comment);
            below = comment.startLine();
        }
        Collections.reverse(touching);
        return text(touching);
    }

    /** The comments behind an element, on the line it ends on. */
    static @Nullable String behind(Token next, int lastTokenLine) {
        return text(next.comments().stream()
                .filter(comment -> comment.startLine() == lastTokenLine)
                .toList());
    }

    private static @Nullable String text(List<Token.Comment> comments) {
        List<String> lines = new ArrayList<>();
        for (Token.Comment comment : comments) {
            addLines(comment.text(), lines);
        }
        int start = 0;
        int end = lines.size();
        while (start < end && lines.get(start).isEmpty()) {
            start++;
        }
        while (end > start && lines.get(end - 1).isEmpty()) {
            end--;
        }
        return start == end ? null : String.join("\n", lines.subList(start, end));
    }

    private static void addLines(String comment, List<String> lines) {
        if (!comment.startsWith("/*")) {
            int start = 0;
            while (start < comment.length() && "/#".indexOf(comment.charAt(start)) >= 0) {
                start++;
            }
            lines.add(withoutIndent(comment.substring(start)));
            return;
        }
        int end = comment.endsWith("*/") && comment.length() >= 4 ? comment.length() - 2 : comment.length();
        String inner = comment.substring(2, Math.max(2, end));
        boolean first = true;
        for (String line : inner.split("\\R", -1)) {
            String stripped = first ? line : line.stripLeading();
            first = false;
            int start = 0;
            while (start < stripped.length() && stripped.charAt(start) == '*') {
                start++;
            }
            lines.add(withoutIndent(stripped.substring(start)));
        }
    }

    private static String withoutIndent(String line) {
        return (line.startsWith(" ") ? line.substring(1) : line).stripTrailing();
    }
}
