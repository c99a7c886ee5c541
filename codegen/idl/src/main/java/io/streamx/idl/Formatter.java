package io.streamx.idl;

import java.util.List;

/** Writes the tokens of a file that has no mistake in its syntax in one style; knows the grammar of {@link Parser}. */
final class Formatter {
    private final List<Token> tokens;
    private final FormatPrinter out = new FormatPrinter();
    private int at;
    /** Whether what is being written has to fit on one line. */
    private boolean flat;

    Formatter(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Writes the whole file. */
    String file() {
        boolean afterHeader = false;
        boolean afterBody = false;
        while (current().kind() != Token.Kind.END) {
            String word = current().text();
            boolean isHeader = word.equals("include") || word.equals("cpp_include") || word.equals("namespace");
            boolean hasBody = !isHeader && !word.equals("const") && !word.equals("typedef");
            out.startLine(current(), afterBody || hasBody || (afterHeader && !isHeader));
            if (isHeader) {
                header(word);
            } else {
                definition(word);
            }
            afterHeader = isHeader;
            afterBody = hasBody;
        }
        return out.finish(current());
    }

    private Token current() {
        return tokens.get(at);
    }

    private Token take() {
        return tokens.get(at++);
    }

    private boolean isSymbol(char symbol) {
        return current().isSymbol(symbol);
    }

    /** Writes the next token, with a blank before it. */
    private void word() {
        out.word(take());
    }

    /** Writes the next token, with nothing before it. */
    private void glued() {
        out.glued(take());
    }

    private void header(String word) {
        word();
        if (word.equals("namespace")) {
            word();
            word();
            annotations();
        } else {
            word();
        }
    }

    private void definition(String word) {
        word();
        switch (word) {
            case "const" -> {
                type();
                word();
                word();
                value();
                dropSeparator();
                annotations();
            }
            case "typedef" -> {
                type();
                word();
                annotations();
            }
            case "enum" -> {
                word();
                body(this::enumValue);
            }
            case "service" -> {
                word();
                if (current().isName("extends")) {
                    word();
                    word();
                }
                body(this::function);
            }
            default -> {
                word();
                body(this::field);
            }
        }
    }

    /** Writes elements in braces, one a line. */
    private void body(Runnable element) {
        word();
        if (isSymbol('}') && current().comments().isEmpty()) {
            glued();
        } else {
            out.indent();
            while (!isSymbol('}')) {
                out.startLine(current(), false);
                element.run();
                separator();
            }
            out.outdent(current());
            take();
        }
        annotations();
    }

    /**
     * Writes a comma, whatever separator the source has, or none. A comment in front of the separator comes behind the
     * comma.
     */
    private void separator() {
        out.separator();
        dropSeparator();
    }

    private void dropSeparator() {
        if (isSymbol(',') || isSymbol(';')) {
            out.carry(take());
        }
    }

    private void enumValue() {
        word();
        if (isSymbol('=')) {
            word();
            word();
        }
        annotations();
    }

    private void field() {
        if (current().kind() == Token.Kind.NUMBER) {
            word();
            glued();
        }
        if (current().isName("required") || current().isName("optional")) {
            word();
        }
        type();
        word();
        if (isSymbol('=')) {
            word();
            value();
        }
        annotations();
    }

    private void function() {
        if (current().isName("oneway")) {
            word();
        }
        if (current().isName("void")) {
            word();
        } else {
            type();
        }
        word();
        sequence(')', false, this::field);
        if (current().isName("throws")) {
            word();
            sequence(')', true, this::field);
        }
        annotations();
    }

    private void type() {
        String name = current().text();
        word();
        boolean isContainer = name.equals("list") || name.equals("set") || name.equals("map");
        if (isContainer && (isSymbol('<') || current().isName("cpp_type"))) {
            cppType();
            glued();
            out.glueNext();
            type();
            if (isSymbol(',')) {
                glued();
                type();
            }
            glued();
            cppType();
        }
        annotations();
    }

    private void cppType() {
        if (current().isName("cpp_type")) {
            word();
            word();
        }
    }

    private void annotations() {
        if (isSymbol('(')) {
            sequence(')', true, () -> {
                word();
                glued();
                glued();
            });
        }
    }

    private void value() {
        if (isSymbol('[')) {
            sequence(']', true, this::value);
        } else if (isSymbol('{')) {
            sequence('}', true, () -> {
                value();
                glued();
                value();
            });
        } else {
            word();
        }
    }

    /** Writes elements in brackets: on one line where they fit and the source has them so, else one a line. */
    private void sequence(char close, boolean blankBefore, Runnable element) {
        if (flat) {
            flatSequence(close, blankBefore, element);
            return;
        }
        if (!isBroken()) {
            int start = at;
            FormatPrinter.Mark mark = out.mark();
            flat = true;
            flatSequence(close, blankBefore, element);
            flat = false;
            if (out.fits()) {
                return;
            }
            at = start;
            out.reset(mark);
        }
        open(blankBefore);
        if (isSymbol(close) && current().comments().isEmpty()) {
            glued();
            return;
        }
        out.indent();
        while (!isSymbol(close)) {
            out.startLine(current(), false);
            element.run();
            separator();
        }
        out.outdent(current());
        take();
    }

    private void open(boolean blankBefore) {
        if (blankBefore) {
            word();
        } else {
            glued();
        }
    }

    private void flatSequence(char close, boolean blankBefore, Runnable element) {
        open(blankBefore);
        boolean first = true;
        while (!isSymbol(close)) {
            if (first) {
                out.glueNext();
            } else {
                out.separator();
            }
            first = false;
            element.run();
            dropSeparator();
        }
        glued();
    }

    /** Whether a bracket that opens here has comments within, or a line of its own for what follows a bracket. */
    private boolean isBroken() {
        int depth = 0;
        int index = at;
        do {
            Token token = tokens.get(index);
            boolean opens = token.isSymbol('(') || token.isSymbol('[') || token.isSymbol('{');
            if (opens) {
                depth++;
            } else if (token.isSymbol(')') || token.isSymbol(']') || token.isSymbol('}')) {
                depth--;
            }
            Token next = tokens.get(index + 1);
            if (depth > 0 && (!next.comments().isEmpty() || (opens && next.firstOnLine()))) {
                return true;
            }
            index++;
        } while (depth > 0);
        return false;
    }
}
