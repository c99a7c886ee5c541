package io.streamx.codegen.java;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Javadoc from the comments of an IDL. */
public final class Javadoc {
    private static final Pattern INLINE_TAG = Pattern.compile("(\\{@\\w+) ");

    private final List<String> paragraphs = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private final Code code;

    /** Javadoc to be appended to {@code code}. */
    public Javadoc(Code code) {
        this.code = code;
    }

    /** The comment of the IDL, or {@code fallback} when it has none. */
    public Javadoc text(@Nullable String comment, String fallback) {
        paragraphs.add(comment == null ? fallback : escape(comment.strip()));
        return this;
    }

    /** Adds a paragraph of the generator's own. */
    public Javadoc paragraph(String text) {
        paragraphs.add(text);
        return this;
    }

    /**
     * A parameter, if there is something to say about it.
     *
     * @param deprecation why it is deprecated, which may be empty; null when it is not
     */
    public Javadoc param(String name, @Nullable String comment, @Nullable String deprecation) {
        String text = comment == null ? "" : escape(comment.strip());
        if (deprecation != null) {
            text = (text.isEmpty() ? "" : text + " ")
                    + "Deprecated"
                    + (deprecation.isEmpty() ? "." : ": " + escape(deprecation));
        }
        if (!text.isEmpty()) {
            tags.add("@param " + name + " " + text);
        }
        return this;
    }

    /** Adds a tag, whose text is escaped already. */
    public Javadoc tag(String tag) {
        tags.add(tag);
        return this;
    }

    /** The tag for what the IDL deprecates, with the reason, which may be empty; none for null. */
    public Javadoc deprecation(@Nullable String reason) {
        if (reason != null) {
            tags.add("@deprecated " + (reason.isEmpty() ? "as the IDL says" : escape(reason)));
        }
        return this;
    }

    /** Appends the comment. */
    public void write() {
        List<String> lines = new ArrayList<>();
        int width = code.columns() - " * ".length();
        for (int i = 0; i < paragraphs.size(); i++) {
            if (i > 0) {
                lines.add("");
            }
            wrap((i > 0 ? "<p>" : "") + paragraphs.get(i), "", width, lines);
        }
        if (!tags.isEmpty()) {
            lines.add("");
            tags.forEach(tag -> wrap(tag, "    ", width, lines));
        }
        if (lines.size() == 1 && lines.get(0).length() + "/**  */".length() <= code.columns()) {
            code.line("/** " + lines.get(0) + " */");
            return;
        }
        code.line("/**");
        lines.forEach(line -> code.line(line.isEmpty() ? " *" : " * " + line));
        code.line(" */");
    }

    /** Fills lines word by word; an empty line starts a paragraph. */
    private static void wrap(String text, String indent, int width, List<String> lines) {
        StringBuilder line = new StringBuilder();
        boolean paragraph = false;
        for (String source : text.split("\n", -1)) {
            if (source.isBlank()) {
                paragraph = !lines.isEmpty() || !line.isEmpty();
                continue;
            }
            if (paragraph) {
                lines.add(line.toString());
                lines.add("");
                line = new StringBuilder("<p>");
                paragraph = false;
            }
            for (String word : words(source)) {
                boolean starts = line.isEmpty()
                        || line.toString().equals("<p>")
                        || line.toString().isBlank();
                if (!starts && line.length() + 1 + word.length() > width) {
                    lines.add(line.toString());
                    line = new StringBuilder(indent);
                    starts = true;
                }
                line.append(starts ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
    }

    /** An inline tag of the generator's own stays on one line; comments of the IDL have none left. */
    private static List<String> words(String line) {
        return Stream.of(INLINE_TAG.matcher(line.strip()).replaceAll("$1\u00a0").split("\\s+"))
                .map(word -> word.replace('\u00a0', ' '))
                .toList();
    }

    /** Text as it may stand in Javadoc: no tags, no end of comment, no Unicode escapes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replace("*/", "*&#47;")
                .replace("\\", "&#92;");
    }
}
