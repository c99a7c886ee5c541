package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Constant;
import io.streamx.idl.Definition;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.Document;
import io.streamx.idl.EnumType;
import io.streamx.idl.Service;
import io.streamx.idl.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Makes Java from linked Thrift documents. */
public final class JavaGenerator {
    /** How many fields, arms or functions a definition may have: the JVM allows 65,535 names and texts in a class. */
    private static final int MEMBERS = 2_000;

    private final Symbols symbols;
    private final GeneratorOptions options;
    private final List<Document> documents;
    private final List<Diagnostic> diagnostics;

    private JavaGenerator(List<Document> documents, GeneratorOptions options) {
        this.documents = List.copyOf(new LinkedHashSet<>(documents));
        this.options = options;
        symbols = new Symbols(this.documents, options);
        diagnostics = new ArrayList<>(symbols.diagnostics());
    }

    /**
     * The Java of {@code documents}: for each its structs, unions, exceptions, enums, services and constants, and one
     * {@code package-info} for each package. What they include is referred to, and is generated only if it is in the
     * list too. The same input gives the same output.
     *
     * @param documents of a result without errors
     * @param options what the IDL does not say
     */
    public static GeneratorResult generate(List<Document> documents, GeneratorOptions options) {
        return new JavaGenerator(documents, options).generate();
    }

    private GeneratorResult generate() {
        documents.forEach(this::checkSizes);
        if (diagnostics.stream().anyMatch(Diagnostic::isError)) {
            return new GeneratorResult(List.of(), diagnostics);
        }
        List<GeneratedFile> files = new ArrayList<>();
        documents.forEach(document -> addDocument(document, files));
        if (diagnostics.stream().anyMatch(Diagnostic::isError)) {
            return new GeneratorResult(List.of(), diagnostics);
        }
        addPackages(files);
        files.sort((left, right) -> left.path().compareTo(right.path()));
        return new GeneratorResult(files, diagnostics);
    }

    /** Reports what no Java class can hold. */
    private void checkSizes(Document document) {
        for (StructType struct : document.definitions(StructType.class)) {
            checkSize(struct, struct.fields().size(), "fields");
        }
        for (Service service : document.definitions(Service.class)) {
            checkSize(service, ServiceMethod.count(service), "functions, inherited ones counted");
            service.functions().stream()
                    .filter(function -> !StructShape.fits(JavaField.ofArguments(function.arguments(), true)))
                    .forEach(function -> diagnostics.add(new Diagnostic(
                            Diagnostic.Severity.ERROR,
                            function.position(),
                            function.name() + " has " + function.arguments().size()
                                    + " arguments (expected: at most as many as a Java method can have, 254, where i64"
                                    + " and double count twice)")));
        }
    }

    private void checkSize(Definition definition, int size, String what) {
        if (size > MEMBERS) {
            diagnostics.add(new Diagnostic(
                    Diagnostic.Severity.ERROR,
                    definition.position(),
                    definition.name() + " has " + size + " " + what + " (expected: at most " + MEMBERS
                            + ", which is what a Java class can hold)"));
        }
    }

    private void addDocument(Document document, List<GeneratedFile> files) {
        for (Definition definition : document.definitions()) {
            addDefinition(definition, files);
        }
        List<Constant> constants = document.constantsInOrder();
        if (!constants.isEmpty()) {
            add(constants.get(0), "the constants from ", files, () -> ConstantsSource.generate(symbols, document));
        }
    }

    private void addDefinition(Definition definition, List<GeneratedFile> files) {
        if (definition instanceof StructType struct) {
            add(
                    struct,
                    struct.kind().keyword() + " ",
                    files,
                    () -> struct.kind() == StructType.Kind.UNION
                            ? UnionSource.generate(symbols, struct)
                            : StructSource.generate(symbols, struct));
        } else if (definition instanceof EnumType enumType) {
            add(enumType, "enum ", files, () -> EnumSource.generate(symbols, enumType));
        } else if (definition instanceof Service service) {
            add(service, "service ", files, () -> ServiceSource.generate(symbols, service));
            add(service, "service ", files, () -> ClientSource.generate(symbols, service));
            add(service, "service ", files, () -> MethodsSource.generate(symbols, service));
            if (options.kotlin()) {
                add(service, "service ", files, () -> KotlinSource.generate(symbols, service));
            }
        }
    }

    /** Adds what a definition becomes; whatever goes wrong is told with the place in the IDL. */
    private void add(
            Definition definition, String kind, List<GeneratedFile> files, Supplier<List<GeneratedFile>> generator) {
        try {
            files.addAll(generator.get());
        } catch (RuntimeException | StackOverflowError e) {
            StackTraceElement[] trace = e.getStackTrace();
            diagnostics.add(new Diagnostic(
                    Diagnostic.Severity.ERROR,
                    definition.position(),
                    "no Java for " + kind + definition.name() + " because of a mistake in the generator, please report"
                            + " it: " + e + (trace.length == 0 ? "" : " at " + trace[0])));
        }
    }

    private void addPackages(List<GeneratedFile> files) {
        Map<String, Set<String>> packages = new LinkedHashMap<>();
        for (Document document : documents) {
            packages.computeIfAbsent(symbols.packageOf(document), ignored -> new LinkedHashSet<>())
                    .add("{@code " + document.name() + ".thrift}");
        }
        packages.forEach((name, sources) -> {
            Code code = new Code();
            code.line("// Generated by StreamX. Changes will be lost.");
            new Javadoc(code)
                    .paragraph("Generated from " + String.join(", ", sources) + ".")
                    .write();
            code.line("@NullMarked")
                    .line("package " + name + ";")
                    .blank()
                    .line("import " + RuntimeNames.NULL_MARKED + ";");
            files.add(new GeneratedFile(name.replace('.', '/') + "/package-info.java", code.toString()));
        });
    }
}
