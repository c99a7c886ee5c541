package io.streamx.idl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays out Thrift IDL in one style, with every comment kept: what it means does not change, and formatting twice gives what
 * formatting once gives.
 */
public final class ThriftFormat {
    private ThriftFormat() {}

    /**
     * What came of formatting a file.
     *
     * @param text the file in the style; null if it has errors
     * @param errors why it cannot be formatted: each mistake of syntax; empty if {@code text} is there
     */
    public record Result(@Nullable String text, List<Diagnostic> errors) {
        /** Copies the list. */
        public Result {
            errors = List.copyOf(errors);
        }
    }

    /**
     * Lays out one file. Includes are not read, and names need not be defined.
     *
     * @param file how errors show the file
     * @param content its bytes, which are to be UTF-8
     */
    public static Result format(String file, byte[] content) {
        SourceText source = SourceText.decode(file, content);
        Diagnostics diagnostics = new Diagnostics();
        if (!source.intact()) {
            diagnostics.error(
                    new SourcePosition(file, 1, 1), "the file is no UTF-8 (expected: UTF-8, also in comments)");
            return new Result(null, diagnostics.sorted());
        }
        Parser.parse(source, diagnostics);
        if (diagnostics.errorCount() > 0) {
            return new Result(
                    null,
                    diagnostics.sorted().stream().filter(Diagnostic::isError).toList());
        }
        List<Token> tokens = tokens(source);
        String text = new Formatter(tokens).file();
        List<Token> formatted = tokens(new SourceText(file, text, true));
        if (!words(tokens).equals(words(formatted))) {
            throw new IllegalStateException("formatting " + file
                    + " would change it because of a mistake in the formatter; nothing was changed, please report it");
        }
        return new Result(text, List.of());
    }

    private static List<Token> tokens(SourceText source) {
        Lexer lexer = new Lexer(source, new Diagnostics());
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind() != Token.Kind.END);
        return tokens;
    }

    /** All that carries meaning: tokens but for separators, and comments but for white space around their lines. */
    private static List<String> words(List<Token> tokens) {
        List<String> words = new ArrayList<>();
        for (Token token : tokens) {
            for (Token.Comment comment : token.comments()) {
                for (String line : comment.text().split("\\R", -1)) {
                    words.add(line.strip());
                }
            }
            if (!token.isSymbol(',') && !token.isSymbol(';')) {
                words.add(token.quote() == 0 ? token.text() : token.quote() + token.text());
            }
        }
        return words;
    }
}
