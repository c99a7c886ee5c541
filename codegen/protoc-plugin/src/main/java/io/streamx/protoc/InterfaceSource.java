package io.streamx.protoc;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaFile;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import java.util.ArrayList;
import java.util.List;

/** Writes the interface that a service's handler implements. */
final class InterfaceSource {
    private static final String LEFT_OUT =
            " The caller of a method that is not overridden is told that it is not implemented.";

    private final JavaFile file;
    private final Code code;
    private final ServiceClasses service;
    /**
     * Whether a handler may leave methods out. The one method of a service with no other cannot be left out, so that a lambda
     * expression can be the handler.
     */
    private final boolean optional;

    private InterfaceSource(JavaFile file, ServiceClasses service) {
        this.file = file;
        this.service = service;
        optional = service.methods().size() > 1;
        code = file.body();
    }

    /** Fills {@code file}. */
    static JavaFile write(JavaFile file, ServiceClasses service) {
        new InterfaceSource(file, service).write();
        return file;
    }

    private void write() {
        new Javadoc(file.head())
                .text(service.comment(), "Handles the calls of the service {@code " + service.name() + "}.")
                .paragraph("Methods run on a virtual thread for each call, so they may block, and several at once."
                        + (optional ? LEFT_OUT : ""))
                .deprecation(service.deprecation())
                .write();
        file.head().line("@" + file.use(RuntimeNames.NULL_MARKED));
        if (service.deprecation() != null) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public interface " + file.name().simpleName() + " {");
        service.methods().forEach(this::writeMethod);
        writeBind();
        code.close("}");
    }

    private void writeMethod(ProtobufServiceMethod method) {
        Javadoc doc = new Javadoc(code)
                .text(method.comment(), "Handles {@code " + method.proto().getName() + "}.");
        String request = method.request().in(file);
        String response = method.response().in(file);
        String result = "void";
        List<String> parameters = new ArrayList<>();
        switch (method.mode()) {
            case UNARY -> {
                result = response;
                parameters.add(request + " request");
            }
            case CLIENT ->
                parameters.add(file.use(RuntimeNames.CLIENT_SERVER) + "<" + request + ", " + response + "> stream");
            case SERVER -> {
                parameters.add(request + " request");
                parameters.add(file.use(RuntimeNames.SERVER_SERVER) + "<" + response + "> stream");
            }
            case BIDIRECTIONAL ->
                parameters.add(file.use(RuntimeNames.BIDI_SERVER) + "<" + request + ", " + response + "> stream");
        }
        if (result.equals("void")) {
            doc.paragraph("The stream ends when the method returns.");
        }
        doc.deprecation(method.deprecation()).write();
        if (method.deprecation() != null) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
        String declaration = result + " " + method.name() + "(";
        String thrown = ") throws " + file.use("java.lang.Exception");
        if (optional) {
            code.list("default " + declaration, parameters, thrown + " {")
                    .body("throw " + file.use(service.descriptors()) + "." + method.constant() + ".unimplemented();");
        } else {
            code.list(declaration, parameters, thrown + ";");
        }
        code.blank();
    }

    private void writeBind() {
        String definition = file.use(RuntimeNames.SERVICE_DEFINITION);
        String descriptors = file.use(service.descriptors());
        code.line("/** The service with {@code handler} to serve it, for a server. */")
                .open("static " + definition + " bind(" + file.name().simpleName() + " handler) {");
        List<String> calls = new ArrayList<>();
        for (ProtobufServiceMethod method : service.methods()) {
            String kind = switch (method.mode()) {
                case UNARY -> ".unary(";
                case CLIENT -> ".clientStreaming(";
                case SERVER -> ".serverStreaming(";
                case BIDIRECTIONAL -> ".bidiStreaming(";
            };
            calls.add(kind + descriptors + "." + method.constant() + ", handler::" + method.name() + ")");
        }
        calls.add(".build()");
        code.chain("return " + definition + ".builder(" + descriptors + ".DESCRIPTOR)", calls);
        code.close("}");
    }
}
