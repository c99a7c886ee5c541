package io.streamx.idl;

import io.streamx.idl.Syntax.ConstNode;
import io.streamx.idl.Syntax.Container;
import io.streamx.idl.Syntax.ContainerTypeNode;
import io.streamx.idl.Syntax.DefinitionNode;
import io.streamx.idl.Syntax.EnumNode;
import io.streamx.idl.Syntax.EnumValueNode;
import io.streamx.idl.Syntax.FieldId;
import io.streamx.idl.Syntax.FieldNode;
import io.streamx.idl.Syntax.FileNode;
import io.streamx.idl.Syntax.FunctionNode;
import io.streamx.idl.Syntax.IncludeNode;
import io.streamx.idl.Syntax.IntNode;
import io.streamx.idl.Syntax.Label;
import io.streamx.idl.Syntax.NameNode;
import io.streamx.idl.Syntax.NamedTypeNode;
import io.streamx.idl.Syntax.ServiceNode;
import io.streamx.idl.Syntax.StructNode;
import io.streamx.idl.Syntax.TypeNode;
import io.streamx.idl.Syntax.TypedefNode;
import io.streamx.idl.Syntax.ValueNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses one file by recursive descent. After a syntax error it goes on with the next element or definition, so that
 * one run finds every mistake.
 */
final class Parser {
    private static final String ANY_DEFINITION = "const, typedef, enum, struct, union, exception or service";
    private static final Set<String> HEADER_WORDS = Set.of("include", "cpp_include", "namespace");

    private final TokenStream tokens;
    private final ValueParser values;
    private final Diagnostics diagnostics;
    private final List<IncludeNode> includes = new ArrayList<>();
    private final List<Namespace> namespaces = new ArrayList<>();
    private final List<DefinitionNode> definitions = new ArrayList<>();
    private boolean namesLost;

    private Parser(SourceText source, Diagnostics diagnostics) {
        this.tokens = new TokenStream(source, diagnostics);
        this.values = new ValueParser(tokens, diagnostics);
        this.diagnostics = diagnostics;
    }

    static FileNode parse(SourceText source, Diagnostics diagnostics) {
        if (source.text().isEmpty()) {
            diagnostics.error(
                    new SourcePosition(source.file(), 1, 1), "file is empty (expected: a definition or a comment)");
        }
        return new Parser(source, diagnostics).file();
    }

    private FileNode file() {
        while (tokens.current().kind() != Token.Kind.END) {
            try {
                if (isHeader(tokens.current())) {
                    header();
                } else {
                    definitions.add(definition());
                    refuseSeparator("a definition");
                }
            } catch (SyntaxException e) {
                tokens.report(e);
                namesLost = true;
                tokens.skipToNextDefinition();
            }
        }
        return new FileNode(includes, namespaces, definitions, tokens.damaged(), namesLost);
    }

    private static boolean isHeader(Token token) {
        return token.kind() == Token.Kind.NAME && HEADER_WORDS.contains(token.text());
    }

    private void header() throws SyntaxException {
        Token word = tokens.take();
        if (!definitions.isEmpty()) {
            diagnostics.error(
                    word.position(), word.text() + " behind a definition (expected: before the first definition)");
        }
        switch (word.text()) {
            case "include" -> {
                Token path = tokens.expectLiteral("behind include", "a file name in quotes");
                includes.add(new IncludeNode(ValueParser.withoutQuoteEscapes(path), path.position()));
            }
            case "cpp_include" -> tokens.expectLiteral("behind cpp_include", "a file name in quotes");
            default -> {
                String scope = tokens.takeSymbol('*')
                        ? "*"
                        : tokens.expectName("behind namespace", "a language or '*'")
                                .text();
                Token name = tokens.expectName("behind namespace " + Diagnostics.shown(scope), "a name");
                Annotations annotations = values.annotations("of namespace " + Diagnostics.shown(scope));
                namespaces.add(new Namespace(scope, name.text(), annotations, word.position()));
            }
        }
        refuseSeparator(word.text());
    }

    private void refuseSeparator(String what) {
        Token token = tokens.current();
        if (token.isSymbol(',') || token.isSymbol(';')) {
            diagnostics.error(
                    token.position(), "unexpected " + token.shown() + " behind " + what + " (expected: none)");
            tokens.take();
        }
    }

    private DefinitionNode definition() throws SyntaxException {
        Token word = tokens.current();
        if (!TokenStream.startsDefinition(word)) {
            throw tokens.unexpected("outside a definition", ANY_DEFINITION);
        }
        String doc = tokens.docAbove();
        tokens.take();
        return switch (word.text()) {
            case "const" -> constant(doc);
            case "typedef" -> typedef(doc);
            case "enum" -> enumeration(doc);
            case "struct" -> struct(StructType.Kind.STRUCT, doc);
            case "union" -> struct(StructType.Kind.UNION, doc);
            case "exception" -> struct(StructType.Kind.EXCEPTION, doc);
            default -> service(doc);
        };
    }

    private ConstNode constant(@Nullable String doc) throws SyntaxException {
        TypeNode type = type("behind const", 0);
        Token name = definedName("behind const", "a name");
        String where = "in const " + Diagnostics.shown(name.text());
        tokens.expect('=', where);
        ValueNode value = values.value(where);
        tokens.takeSeparator();
        Annotations annotations = values.annotations("of const " + Diagnostics.shown(name.text()));
        return new ConstNode(type, value, label(name, doc, annotations));
    }

    private TypedefNode typedef(@Nullable String doc) throws SyntaxException {
        TypeNode type = type("behind typedef", 0);
        Token name = definedName("behind typedef", "a name");
        return new TypedefNode(
                type, label(name, doc, values.annotations("of typedef " + Diagnostics.shown(name.text()))));
    }

    private EnumNode enumeration(@Nullable String doc) throws SyntaxException {
        Token name = definedName("behind enum", "a name");
        String where = "in enum " + Diagnostics.shown(name.text());
        List<EnumValueNode> members = body('{', '}', where, () -> enumValue(where));
        return new EnumNode(members, labelWithAnnotations(name, doc, "of enum "));
    }

    private EnumValueNode enumValue(String where) throws SyntaxException {
        String doc = tokens.docAbove();
        Token name = definedName(where, "a value or '}'");
        String behind = where + " behind " + Diagnostics.shown(name.text());
        IntNode number = tokens.takeSymbol('=') ? values.integerNode(behind) : null;
        Annotations annotations = values.annotations("of " + Diagnostics.shown(name.text()) + " " + where);
        tokens.takeSeparator();
        return new EnumValueNode(number, label(name, doc, annotations));
    }

    private StructNode struct(StructType.Kind kind, @Nullable String doc) throws SyntaxException {
        Token name = definedName("behind " + kind.keyword(), "a name");
        String where = "in " + kind.keyword() + " " + Diagnostics.shown(name.text());
        List<FieldNode> fields = body('{', '}', where, () -> field(where, '}'));
        return new StructNode(kind, fields, labelWithAnnotations(name, doc, "of " + kind.keyword() + " "));
    }

    private ServiceNode service(@Nullable String doc) throws SyntaxException {
        Token name = definedName("behind service", "a name");
        NameNode base = null;
        if (tokens.takeWord("extends")) {
            Token baseName = tokens.expectName("behind extends", "the name of a service");
            base = new NameNode(baseName.text(), baseName.position());
        }
        String where = "in service " + Diagnostics.shown(name.text());
        List<FunctionNode> functions = body('{', '}', where, () -> function(where));
        return new ServiceNode(base, functions, labelWithAnnotations(name, doc, "of service "));
    }

    private FunctionNode function(String where) throws SyntaxException {
        String doc = tokens.docAbove();
        boolean oneway = tokens.takeWord("oneway");
        TypeNode returnType = tokens.takeWord("void") ? null : type(where, 0, "a result type or '}'");
        Token name = definedName(where, "the name of a function");
        String function = Diagnostics.shown(name.text());
        List<FieldNode> arguments =
                body('(', ')', "in the arguments of " + function, () -> field("in " + function, ')'));
        List<FieldNode> exceptions = List.of();
        if (tokens.takeWord("throws")) {
            exceptions = body('(', ')', "in throws of " + function, () -> field("in throws of " + function, ')'));
        }
        Annotations annotations = values.annotations("of " + function);
        if (tokens.current().isName("throws")) {
            throw tokens.unexpected("behind the annotations of " + function, "throws before the annotations");
        }
        tokens.takeSeparator();
        return new FunctionNode(oneway, returnType, arguments, exceptions, label(name, doc, annotations));
    }

    private FieldNode field(String where, char end) throws SyntaxException {
        String doc = tokens.docAbove();
        FieldId id = fieldId(where);
        Requiredness requiredness = Requiredness.DEFAULT;
        if (tokens.takeWord("required")) {
            requiredness = Requiredness.REQUIRED;
        } else if (tokens.takeWord("optional")) {
            requiredness = Requiredness.OPTIONAL;
        }
        boolean bare = id == null && requiredness == Requiredness.DEFAULT;
        TypeNode type = type(where, 0, bare ? "a field or '" + end + "'" : "a type");
        Token name = definedName(where, "the name of a field");
        String field = Diagnostics.shown(name.text());
        ValueNode defaultValue = tokens.takeSymbol('=') ? values.value("of field " + field) : null;
        Annotations annotations = values.annotations("of field " + field);
        tokens.takeSeparator();
        return new FieldNode(id, requiredness, type, defaultValue, label(name, doc, annotations));
    }

    private @Nullable FieldId fieldId(String where) throws SyntaxException {
        Token token = tokens.current();
        if (token.kind() != Token.Kind.NUMBER) {
            return null;
        }
        tokens.take();
        String shown = Diagnostics.shown(token.text());
        tokens.expect(':', where + " behind field id " + shown);
        BigInteger value = Numbers.decimal(token.text());
        if (value == null || !Numbers.fits(value, Short.SIZE)) {
            diagnostics.error(
                    token.position(),
                    "field id " + shown + " " + where + " (expected: a decimal number from " + Short.MIN_VALUE + " to "
                            + Short.MAX_VALUE + ")");
            return new FieldId(0, shown, token.position(), false);
        }
        return new FieldId(value.intValue(), shown, token.position(), true);
    }

    private TypeNode type(String where, int depth) throws SyntaxException {
        return type(where, depth, "a type");
    }

    private TypeNode type(String where, int depth, String expected) throws SyntaxException {
        if (depth > ValueParser.MAX_NESTING) {
            throw new SyntaxException(
                    tokens.current().position(),
                    "type " + where + " is nested deeper than " + ValueParser.MAX_NESTING + " levels");
        }
        Token name = tokens.expectName(where, expected);
        boolean hasElements = tokens.current().isSymbol('<') || tokens.current().isName("cpp_type");
        if (!hasElements || !isContainer(name.text())) {
            if (tokens.current().isSymbol('<')) {
                throw new SyntaxException(
                        name.position(),
                        "unexpected '<' behind " + Diagnostics.shown(name.text())
                                + " (expected: list<...>, set<...> or map<..., ...>)");
            }
            return new NamedTypeNode(
                    name.text(), values.annotations("of type " + Diagnostics.shown(name.text())), name.position());
        }
        Container container = switch (name.text()) {
            case "map" -> Container.MAP;
            case "set" -> Container.SET;
            default -> Container.LIST;
        };
        String inside = "in the " + name.text() + " " + where;
        if (container != Container.LIST) {
            cppType();
        }
        tokens.expect('<', inside);
        TypeNode key = null;
        if (container == Container.MAP) {
            key = type(inside(where, name), depth + 1);
            tokens.expect(',', inside);
        }
        TypeNode element = type(inside(where, name), depth + 1);
        tokens.expect('>', inside);
        if (container == Container.LIST) {
            cppType();
        }
        return new ContainerTypeNode(
                container, key, element, values.annotations("of the " + name.text() + " " + where), name.position());
    }

    /** Names the innermost container only, so that a message does not grow with the nesting. */
    private static String inside(String where, Token container) {
        int innermost = where.lastIndexOf(" in ");
        String outer = innermost < 0 ? where : where.substring(innermost + 1);
        return "inside " + container.text() + "<> " + outer;
    }

    private static boolean isContainer(String name) {
        return name.equals("list") || name.equals("set") || name.equals("map");
    }

    private void cppType() throws SyntaxException {
        if (tokens.takeWord("cpp_type")) {
            tokens.expectLiteral("behind cpp_type", "a type in quotes");
        }
    }

    private interface ElementParser<T> {
        T parse() throws SyntaxException;
    }

    /** Elements between two symbols; a broken element is reported and left out. */
    private <T> List<T> body(char open, char close, String where, ElementParser<T> element) throws SyntaxException {
        tokens.expect(open, where);
        int nesting = tokens.nesting();
        List<T> elements = new ArrayList<>();
        while (!tokens.takeSymbol(close)) {
            Token token = tokens.current();
            if (isUnclosed(token, nesting)) {
                tokens.report(tokens.unexpected(where, "'" + close + "'"));
                tokens.restoreNesting(nesting - 1);
                break;
            }
            if (token.isSymbol(')') || token.isSymbol(']')) {
                tokens.report(tokens.unexpected(where, "'" + close + "'"));
                tokens.take();
                tokens.restoreNesting(nesting);
                continue;
            }
            int start = tokens.taken();
            try {
                elements.add(element.parse());
            } catch (SyntaxException e) {
                tokens.report(e);
                tokens.skipToNextElement(nesting, start);
            }
        }
        return elements;
    }

    /** Whether what follows can only stand outside the body: its end is missing. */
    private boolean isUnclosed(Token token, int nesting) {
        return token.kind() == Token.Kind.END
                || token.isSymbol('}')
                || tokens.nesting() < nesting
                || tokens.startsNextDefinition();
    }

    private Token definedName(String where, String what) throws SyntaxException {
        Token name = tokens.expectName(where, what);
        if (name.text().indexOf('.') >= 0) {
            diagnostics.error(
                    name.position(),
                    "name '" + Diagnostics.shown(name.text()) + "' " + where
                            + " holds a dot (expected: letters, digits and '_')");
        }
        return name;
    }

    private Label labelWithAnnotations(Token name, @Nullable String doc, String what) throws SyntaxException {
        Annotations annotations = values.annotations(what + Diagnostics.shown(name.text()));
        return new Label(name.text(), doc, annotations, name.position());
    }

    private Label label(Token name, @Nullable String docAbove, Annotations annotations) {
        String doc = docAbove == null ? tokens.docBehind() : docAbove;
        return new Label(name.text(), doc, annotations, name.position());
    }
}
