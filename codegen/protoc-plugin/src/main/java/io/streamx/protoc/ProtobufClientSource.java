package io.streamx.protoc;

import io.streamx.codegen.java.ClientHead;
import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaFile;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.FunctionMode;
import java.util.List;

/** Writes the client of a service. */
final class ProtobufClientSource {
    private final JavaFile file;
    private final Code code;
    private final ServiceClasses service;
    private final String descriptors;

    private ProtobufClientSource(JavaFile file, ServiceClasses service) {
        this.file = file;
        this.service = service;
        code = file.body();
        descriptors = file.use(service.descriptors());
    }

    /** Fills {@code file}. */
    static JavaFile write(JavaFile file, ServiceClasses service) {
        new ProtobufClientSource(file, service).write();
        return file;
    }

    private void write() {
        ClientHead.write(
                file,
                service.comment(),
                service.name(),
                "A call that fails throws an {@link " + file.use(RuntimeNames.RPC_EXCEPTION)
                        + "}, whose subclasses say how.",
                service.deprecation(),
                RuntimeNames.NULL_MARKED);
        for (ProtobufServiceMethod method : service.methods()) {
            if (method.mode() == FunctionMode.UNARY) {
                writeUnary(method);
                writeAsync(method);
            } else {
                writeStream(method);
            }
        }
        code.close("}");
    }

    private void writeUnary(ProtobufServiceMethod method) {
        String request = method.request().in(file);
        String response = method.response().in(file);
        begin(
                method,
                "Calls {@code " + method.proto().getName() + "} and waits for its result.",
                "@throws " + file.use(RuntimeNames.RPC_EXCEPTION) + " if the call fails");
        code.list("public " + response + " " + method.name() + "(", List.of(request + " request"), ") {");
        code.indent();
        code.list(response + " result = channel().call(", callArguments(method), ");");
        // The types of the channel allow null, which middleware could return.
        code.line("return " + file.use("java.util.Objects") + ".requireNonNull(result, \"result\");");
        code.close("}");
    }

    private void writeAsync(ProtobufServiceMethod method) {
        String request = method.request().in(file);
        begin(
                method,
                "Calls {@code " + method.proto().getName()
                        + "} without waiting; cancelling the future ends the call. Its dependent stages must not block.",
                "");
        String future = file.use("java.util.concurrent.CompletableFuture") + "<"
                + method.response().in(file) + ">";
        code.list("public " + future + " " + method.asyncName() + "(", List.of(request + " request"), ") {");
        code.indent();
        code.list("return channel().callAsync(", callArguments(method), ");");
        code.close("}");
    }

    private List<String> callArguments(ProtobufServiceMethod method) {
        return List.of(descriptors + "." + method.constant(), "request", "options()");
    }

    private void writeStream(ProtobufServiceMethod method) {
        String request = method.request().in(file);
        String response = method.response().in(file);
        String proto = method.proto().getName();
        String descriptor = descriptors + "." + method.constant();
        switch (method.mode()) {
            case BIDIRECTIONAL -> {
                begin(method, "Opens a stream of {@code " + proto + "} in both directions; the caller closes it.", "");
                code.list(
                        "public " + file.use(RuntimeNames.BIDI_CLIENT) + "<" + request + ", " + response + "> "
                                + method.name() + "(",
                        List.of(),
                        ") {");
                code.indent();
                code.line("return channel().bidiStreaming(" + descriptor + ", options());");
            }
            case CLIENT -> {
                begin(method, "Opens a stream of requests to {@code " + proto + "}; the caller closes it.", "");
                code.list(
                        "public " + file.use(RuntimeNames.CLIENT_CLIENT) + "<" + request + ", " + response + "> "
                                + method.name() + "(",
                        List.of(),
                        ") {");
                code.indent();
                code.line("return channel().clientStreaming(" + descriptor + ", options());");
            }
            default -> {
                begin(
                        method,
                        "Sends the request of {@code " + proto
                                + "} and opens the stream of replies; the caller closes it.",
                        "");
                code.list(
                        "public " + file.use(RuntimeNames.SERVER_CLIENT) + "<" + response + "> " + method.name() + "(",
                        List.of(request + " request"),
                        ") {");
                code.indent();
                code.line("return channel().serverStreaming(" + descriptor + ", request, options());");
            }
        }
        code.close("}");
    }

    /** Writes the Javadoc and annotations of a method; {@code tag} may be empty. */
    private void begin(ProtobufServiceMethod method, String sentence, String tag) {
        code.blank();
        Javadoc doc = new Javadoc(code);
        if (method.comment() != null) {
            doc.text(method.comment(), sentence);
        }
        doc.paragraph(sentence);
        if (!tag.isEmpty()) {
            doc.tag(tag);
        }
        doc.deprecation(method.deprecation()).write();
        if (method.deprecation() != null) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
    }
}
