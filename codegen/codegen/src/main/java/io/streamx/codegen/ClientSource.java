package io.streamx.codegen;

import io.streamx.codegen.java.ClientHead;
import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Field;
import io.streamx.idl.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes the client of a service. */
final class ClientSource {
    private final SourceFile file;
    private final Code code;
    private final Service service;
    private final JavaTypes types;
    private final String descriptors;
    private final List<ServiceMethod> methods;
    private final Set<String> names = new HashSet<>();

    private ClientSource(Symbols symbols, Service service) {
        this.service = service;
        file = new SourceFile(symbols, service.document(), symbols.clientOf(service));
        code = file.body();
        types = new JavaTypes(file);
        descriptors = file.use(symbols.methodsOf(service));
        methods = ServiceMethod.of(service);
    }

    static List<GeneratedFile> generate(Symbols symbols, Service service) {
        return new ClientSource(symbols, service).file();
    }

    private List<GeneratedFile> file() {
        ClientHead.write(file, service.doc(), service.name(), failures(), Deprecation.reasonIn(service.annotations()));
        methods.forEach(method -> names.add(method.name()));
        for (ServiceMethod method : methods) {
            if (method.isUnary()) {
                writeUnary(method);
                writeAsync(method);
            } else {
                writeStream(method);
            }
        }
        code.close("}");
        return file.finish();
    }

    private String failures() {
        String sentence = "A call that fails throws an {@link " + file.use(RuntimeNames.RPC_EXCEPTION)
                + "}, whose subclasses say how.";
        boolean returning = methods.stream().anyMatch(method -> method.isUnary() && !method.isVoid());
        return returning
                ? sentence + " A reply without a result is an {@link " + file.use(RuntimeNames.APPLICATION_EXCEPTION)
                        + "}, never null."
                : sentence;
    }

    private void writeUnary(ServiceMethod method) {
        begin(
                method,
                "Calls {@code " + method.function().name() + "} and waits for its "
                        + (method.isVoid() ? "end." : "result."),
                true);
        code.list("public " + method.result(types) + " " + method.name() + "(", parameters(method), ") {");
        code.indent();
        if (method.isVoid()) {
            code.list("channel().call(", callArguments(method), ");");
        } else {
            // Middleware could return null, which the types of the channel allow.
            String result = method.variable("result");
            code.list(method.response(file, types) + " " + result + " = channel().call(", callArguments(method), ");");
            code.line("return " + file.qualifier("java.util.Objects") + ".requireNonNull(" + result + ", \"result\");");
        }
        code.close("}");
    }

    private void writeAsync(ServiceMethod method) {
        String name = JavaNames.unique(method.name() + "Async", names::contains);
        names.add(name);
        begin(
                method,
                "Calls {@code " + method.function().name()
                        + "} without waiting; cancelling the future ends the call. Its dependent stages must not block.",
                false);
        String future = file.use("java.util.concurrent.CompletableFuture") + "<" + method.response(file, types) + ">";
        code.list("public " + future + " " + name + "(", parameters(method), ") {");
        code.indent();
        code.list("return channel().callAsync(", callArguments(method), ");");
        code.close("}");
    }

    private void writeStream(ServiceMethod method) {
        String request = method.request(types);
        String response = method.response(file, types);
        String function = method.function().name();
        String descriptor = descriptors + "." + method.constant();
        switch (method.function().mode()) {
            case BIDIRECTIONAL -> {
                begin(
                        method,
                        "Opens a stream of {@code " + function + "} in both directions; the caller closes it.",
                        false);
                code.open("public " + file.use(RuntimeNames.BIDI_CLIENT) + "<" + request + ", " + response + "> "
                        + method.name() + "() {");
                code.line("return channel().bidiStreaming(" + descriptor + ", options());");
            }
            case CLIENT -> {
                begin(method, "Opens a stream of requests to {@code " + function + "}; the caller closes it.", false);
                code.open("public " + file.use(RuntimeNames.CLIENT_CLIENT) + "<" + request + ", " + response + "> "
                        + method.name() + "() {");
                code.line("return channel().clientStreaming(" + descriptor + ", options());");
            }
            default -> {
                begin(
                        method,
                        "Sends the request of {@code " + function
                                + "} and opens the stream of replies; the caller closes it.",
                        false);
                String argument = method.arguments().get(0).name();
                code.list(
                        "public " + file.use(RuntimeNames.SERVER_CLIENT) + "<" + response + "> " + method.name() + "(",
                        new Components(file, method.arguments()).declarations(),
                        ") {");
                code.indent();
                code.line("return channel().serverStreaming(" + descriptor + ", " + argument + ", options());");
            }
        }
        code.close("}");
    }

    private void begin(ServiceMethod method, String fallback, boolean withExceptions) {
        code.blank();
        Javadoc doc = new Javadoc(code);
        if (method.function().doc() == null) {
            doc.paragraph(fallback);
        } else {
            doc.text(method.function().doc(), fallback).paragraph(fallback);
        }
        if (method.isUnary()) {
            method.arguments()
                    .forEach(one -> doc.param(one.name(), one.field().doc(), Deprecation.reasonIn(one.annotations())));
        }
        if (withExceptions) {
            for (Field exception : method.function().exceptions()) {
                doc.tag("@throws " + types.boxed(exception.type()) + " declared as {@code " + exception.name() + "}"
                        + (exception.doc() == null ? "" : ": " + Javadoc.escape(exception.doc())));
            }
            doc.tag("@throws " + file.use(RuntimeNames.RPC_EXCEPTION) + " if the call fails"
                    + (method.function().exceptions().isEmpty() ? "" : " otherwise"));
        }
        doc.deprecation(Deprecation.reasonIn(method.function().annotations())).write();
        if (Deprecation.isIn(method.function().annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
    }

    private List<String> parameters(ServiceMethod method) {
        return new Components(file, method.arguments()).declarations();
    }

    private List<String> callArguments(ServiceMethod method) {
        List<String> names = new ArrayList<>();
        method.arguments().forEach(argument -> names.add(argument.name()));
        return List.of(
                descriptors + "." + method.constant(),
                "new " + MethodsSource.argumentsClass(file, method) + "(" + String.join(", ", names) + ")",
                "options()");
    }
}
