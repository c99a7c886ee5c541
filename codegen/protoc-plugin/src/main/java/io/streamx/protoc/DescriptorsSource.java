package io.streamx.protoc;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaFile;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.FunctionMode;
import java.util.ArrayList;
import java.util.List;

/** Writes the class that both ends of a service share: what its methods are called and what messages they carry. */
final class DescriptorsSource {
    private final JavaFile file;
    private final Code code;
    private final ServiceClasses service;

    private DescriptorsSource(JavaFile file, ServiceClasses service) {
        this.file = file;
        this.service = service;
        code = file.body();
        file.declareVariables(List.of("DESCRIPTOR"));
        service.methods().forEach(method -> file.declareVariables(List.of(method.constant())));
    }

    /** Fills {@code file}. */
    static JavaFile write(JavaFile file, ServiceClasses service) {
        new DescriptorsSource(file, service).write();
        return file;
    }

    private void write() {
        String name = file.name().simpleName();
        new Javadoc(file.head())
                .paragraph("How the methods of {@link " + file.use(service.type())
                        + "} travel: their names, modes and messages.")
                .write();
        file.head().line("@" + file.use(RuntimeNames.NULL_MARKED));
        code.open("public final class " + name + " {");
        service.methods().forEach(this::writeMethod);
        writeService();
        code.blank().line("private " + name + "() {}");
        code.close("}");
    }

    private void writeMethod(ProtobufServiceMethod method) {
        String request = method.request().in(file);
        String response = method.response().in(file);
        new Javadoc(code)
                .paragraph("The method {@code " + method.proto().getName() + "}.")
                .write();
        List<String> arguments = new ArrayList<>(List.of(
                quoted(service.protoPackage()),
                quoted(service.name()),
                quoted(method.proto().getName())));
        boolean unary = method.mode() == FunctionMode.UNARY;
        if (!unary) {
            arguments.add(file.qualifier(RuntimeNames.STREAMING_MODE) + "." + method.mode());
        }
        arguments.add(qualified(method.request().outermost()) + method.request().nested() + ".getDefaultInstance()");
        arguments.add(
                qualified(method.response().outermost()) + method.response().nested() + ".getDefaultInstance()");
        code.line("public static final " + file.use(RuntimeNames.METHOD_DESCRIPTOR) + "<" + request + ", " + response
                + "> " + method.constant() + " =");
        code.indent().indent();
        code.list(file.qualifier(RuntimeNames.PROTOBUF_METHOD) + (unary ? ".unary(" : ".streaming("), arguments, ");");
        code.outdent().outdent().blank();
    }

    private void writeService() {
        String descriptor = file.use(RuntimeNames.SERVICE_DESCRIPTOR);
        List<String> arguments = new ArrayList<>();
        arguments.add(quoted(service.name()));
        arguments.add(quoted(service.protoPackage()));
        arguments.add(file.qualifier(RuntimeNames.PAYLOAD_FORMAT) + ".PROTOBUF");
        List<String> constants =
                service.methods().stream().map(ProtobufServiceMethod::constant).toList();
        arguments.add(file.qualifier("java.util.List") + ".of(" + String.join(", ", constants) + ")");
        if (!service.isLite()) {
            arguments.add(file.qualifier(RuntimeNames.PROTOBUF_SCHEMA) + ".service(" + qualified(service.outer())
                    + "::getDescriptor, " + quoted(service.name()) + ")");
        }
        code.line("/** The service with all its methods. */");
        code.list("public static final " + descriptor + " DESCRIPTOR = new " + descriptor + "(", arguments, ");");
    }

    /**
     * Writes {@code type} as it stands in front of a dot. Java takes a name there for a constant before it takes it for a
     * class.
     */
    private String qualified(ClassName type) {
        String qualifier = file.qualifier(type);
        return qualifier == null ? type.qualified() : qualifier;
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
