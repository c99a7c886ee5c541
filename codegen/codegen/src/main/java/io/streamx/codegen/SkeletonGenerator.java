package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Document;
import io.streamx.idl.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Makes Java to start from, meant to be changed by hand: for each service a handler whose methods fail, and for each
 * package with services a main class that serves them. Goes with what {@link JavaGenerator} makes of the same documents
 * and options; nothing in it may be written over a file that exists.
 */
public final class SkeletonGenerator {
    private static final String DEFAULT_PORT = "8888";

    private final Symbols symbols;

    private SkeletonGenerator(Symbols symbols) {
        this.symbols = symbols;
    }

    /**
     * The skeletons of the services in {@code documents}; none of what they include.
     *
     * @param documents of a result without errors
     * @param options what the IDL does not say
     */
    public static List<GeneratedFile> generate(List<Document> documents, GeneratorOptions options) {
        return new SkeletonGenerator(new Symbols(documents, options)).files(documents);
    }

    private List<GeneratedFile> files(List<Document> documents) {
        List<GeneratedFile> files = new ArrayList<>();
        Map<String, List<Service>> packages = new LinkedHashMap<>();
        for (Document document : new LinkedHashSet<>(documents)) {
            for (Service service : document.definitions(Service.class)) {
                files.add(handler(service));
                packages.computeIfAbsent(symbols.packageOf(document), ignored -> new ArrayList<>())
                        .add(service);
            }
        }
        packages.values().forEach(services -> files.add(main(services)));
        return files;
    }

    /** A class of that name, or of another if the IDL has one. */
    private ClassName classIn(Service service, String simpleName) {
        String packageName = symbols.packageOf(service.document());
        return new ClassName(packageName, JavaNames.unique(simpleName, taken -> symbols.isTaken(packageName, taken)));
    }

    private ClassName handlerOf(Service service) {
        return classIn(service, symbols.of(service).simpleName() + "Handler");
    }

    private GeneratedFile handler(Service service) {
        SourceFile file = new SourceFile(symbols, service.document(), handlerOf(service));
        JavaTypes types = new JavaTypes(file);
        Code code = file.body();
        new Javadoc(file.head())
                .paragraph("Serves {@code " + service.name() + "}.")
                .write();
        code.open("public final class " + file.name().simpleName() + " implements " + file.use(symbols.of(service))
                + " {");
        boolean first = true;
        for (ServiceMethod method : ServiceMethod.of(service)) {
            if (!first) {
                code.blank();
            }
            first = false;
            code.line("@" + file.use("java.lang.Override"));
            String result = method.isUnary() ? method.result(types) : "void";
            code.list("public " + result + " " + method.name() + "(", parameters(method, file, types), ") {");
            code.line("    throw new " + file.use("java.lang.UnsupportedOperationException") + "(\""
                            + method.function().name() + " is not implemented yet\");")
                    .line("}");
        }
        code.close("}");
        return file.finishSkeleton();
    }

    private static List<String> parameters(ServiceMethod method, SourceFile file, JavaTypes types) {
        if (method.isUnary()) {
            return new Components(file, method.arguments()).handlerDeclarations();
        }
        return ServiceSource.streamParameters(method, file, types);
    }

    private GeneratedFile main(List<Service> services) {
        Service any = services.get(0);
        SourceFile file = new SourceFile(symbols, any.document(), classIn(any, "ServerMain"));
        Code code = file.body();
        String name = file.name().simpleName();
        new Javadoc(file.head()).paragraph("Starts the server.").write();
        code.open("public final class " + name + " {")
                .line("private " + name + "() {}")
                .blank()
                .line("/** Serves on port " + DEFAULT_PORT
                        + ", or on the port given as argument (0: any free one), until the process is stopped. */")
                .open("public static void main(" + file.use("java.lang.String") + "[] args) throws "
                        + file.use("java.lang.Exception") + " {")
                .line("int port = args.length == 0 ? " + DEFAULT_PORT + " : " + file.use("java.lang.Integer")
                        + ".parseInt(args[0]);")
                .line("try (" + file.use(RuntimeNames.SERVER) + " server = " + file.use(RuntimeNames.SERVER)
                        + ".builder()")
                .line("        .port(port)");
        for (Service service : services) {
            code.line("        .service(" + file.use(symbols.of(service)) + ".bind(new " + file.use(handlerOf(service))
                    + "()))");
        }
        code.open("        .start()) {")
                .line(file.use("java.lang.System") + ".out.println(\"Serving on port \" + server.port());")
                .line("server.awaitTermination();")
                .close("}")
                .close("}")
                .close("}");
        return file.finishSkeleton();
    }
}
