package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Field;
import io.streamx.idl.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the interface that a service's handler implements. */
final class ServiceSource {
    /** A service of at most this many methods is bound in one expression. */
    private static final int CHAINED_CALLS = 100;

    private static final String LEFT_OUT =
            " The caller of a method that is not overridden is told that it is not implemented.";

    private final SourceFile file;
    private final Code code;
    private final Service service;
    private final JavaTypes types;

    private ServiceSource(Symbols symbols, Service service) {
        this.service = service;
        file = new SourceFile(symbols, service.document(), symbols.of(service));
        code = file.body();
        types = new JavaTypes(file);
    }

    static List<GeneratedFile> generate(Symbols symbols, Service service) {
        return new ServiceSource(symbols, service).file();
    }

    private List<GeneratedFile> file() {
        String name = file.name().simpleName();
        Service base = service.base();
        new Javadoc(file.head())
                .text(service.doc(), "Handles the calls of the service {@code " + service.name() + "}.")
                .paragraph("Methods run on a virtual thread for each call, so they may block, and several at once."
                        + (ServiceMethod.of(service).size() > 1 ? LEFT_OUT : ""))
                .deprecation(Deprecation.reasonIn(service.annotations()))
                .write();
        if (Deprecation.isIn(service.annotations())) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public interface " + name + (base == null ? "" : " extends " + types.definition(base)) + " {");
        List<ServiceMethod> methods = ServiceMethod.of(service);
        // A service with one method alone is what a lambda expression can be.
        boolean optional = methods.size() > 1;
        methods.stream().filter(method -> method.owner() == service).forEach(method -> writeMethod(method, optional));
        writeBind(name, methods);
        code.close("}");
        return file.finish();
    }

    /** {@code optional}: a handler may leave the method out. */
    private void writeMethod(ServiceMethod method, boolean optional) {
        Javadoc doc = new Javadoc(code)
                .text(
                        method.function().doc(),
                        "Handles {@code " + method.function().name() + "}.");
        List<String> parameters = new ArrayList<>();
        if (method.isUnary()) {
            parameters.addAll(new Components(file, method.arguments()).handlerDeclarations());
            method.arguments()
                    .forEach(one -> doc.param(one.name(), one.field().doc(), Deprecation.reasonIn(one.annotations())));
            if (method.mayLackArguments()) {
                doc.paragraph("An argument that the caller did not send is null: "
                        + method.arguments().stream()
                                .filter(JavaField::isNullable)
                                .map(one -> "{@code " + one.name() + "}")
                                .collect(Collectors.joining(", "))
                        + ".");
            }
            for (Field exception : method.function().exceptions()) {
                doc.tag("@throws " + types.boxed(exception.type()) + " declared as {@code " + exception.name() + "}"
                        + (exception.doc() == null ? "" : ": " + Javadoc.escape(exception.doc())));
            }
        } else {
            parameters.addAll(streamParameters(method, file, types));
            doc.paragraph("The stream ends when the method returns.");
        }
        doc.deprecation(Deprecation.reasonIn(method.function().annotations())).write();
        if (Deprecation.isIn(method.function().annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
        if (method.mayLackArguments()) {
            code.line("@" + file.use(RuntimeNames.NULL_UNMARKED));
        }
        String result = method.isUnary() ? method.result(types) : "void";
        String declaration = result + " " + method.name() + "(";
        String thrown = ") throws " + file.use("java.lang.Exception");
        if (optional) {
            code.list("default " + declaration, parameters, thrown + " {")
                    .body("throw " + file.use(file.symbols().methodsOf(service)) + "." + method.constant()
                            + ".unimplemented();");
        } else {
            code.list(declaration, parameters, thrown + ";");
        }
        code.blank();
    }

    /** The parameters of a streaming method that handles calls. */
    static List<String> streamParameters(ServiceMethod method, SourceFile file, JavaTypes types) {
        String stream = method.variable("stream");
        String response = method.response(file, types) + "> " + stream;
        String both = "<" + method.request(types) + ", " + response;
        return switch (method.function().mode()) {
            case BIDIRECTIONAL -> List.of(file.use(RuntimeNames.BIDI_SERVER) + both);
            case CLIENT -> List.of(file.use(RuntimeNames.CLIENT_SERVER) + both);
            default -> {
                JavaField request = method.arguments().get(0);
                yield List.of(
                        request.declaration(types) + " " + request.name(),
                        file.use(RuntimeNames.SERVER_SERVER) + "<" + response);
            }
        };
    }

    private void writeBind(String name, List<ServiceMethod> methods) {
        String definition = file.use(RuntimeNames.SERVICE_DEFINITION);
        String descriptors = file.use(file.symbols().methodsOf(service));
        code.line("/** The service with {@code handler} to serve it, for a server. */")
                .open("static " + definition + " bind(" + name + " handler) {");
        List<String> calls = new ArrayList<>();
        for (ServiceMethod method : methods) {
            if (method.owner() != service) {
                file.noteUse(method.function().annotations());
            }
            String constant = descriptors + "." + method.constant();
            if (method.isUnary()) {
                calls.add(".unary(" + constant + ", args -> " + invocation(method) + ")");
            } else {
                String kind = switch (method.function().mode()) {
                    case BIDIRECTIONAL -> ".bidiStreaming(";
                    case CLIENT -> ".clientStreaming(";
                    default -> ".serverStreaming(";
                };
                calls.add(kind + constant + ", handler::" + method.name() + ")");
            }
        }
        String builder = definition + ".builder(" + descriptors + ".DESCRIPTOR)";
        if (calls.size() > CHAINED_CALLS) {
            // Javac follows a chain of calls by calling itself, until its stack ends.
            code.line(definition + ".Builder builder = " + builder + ";");
            calls.forEach(call -> code.line("builder" + call + ";"));
            code.line("return builder.build();");
        } else {
            calls.add(".build()");
            code.chain("return " + builder, calls);
        }
        code.close("}");
    }

    private static String invocation(ServiceMethod method) {
        List<String> arguments = method.arguments().stream()
                .map(argument -> "args." + argument.name() + "()")
                .toList();
        String call = "handler." + method.name() + "(" + String.join(", ", arguments) + ")";
        return method.isVoid() ? "{\n    " + call + ";\n    return null;\n}" : call;
    }
}
