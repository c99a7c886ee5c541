package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Document;
import io.streamx.idl.Field;
import io.streamx.idl.Function;
import io.streamx.idl.IdlType;
import io.streamx.idl.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the class that both ends of a service share: descriptors and the records of unary arguments. */
final class MethodsSource {
    private final SourceFile file;
    private final Code code;
    private final Service service;
    private final JavaTypes types;
    private final List<ServiceMethod> methods;

    private MethodsSource(Symbols symbols, Service service) {
        this.service = service;
        file = new SourceFile(symbols, service.document(), symbols.methodsOf(service));
        code = file.body();
        types = new JavaTypes(file);
        methods = ServiceMethod.of(service);
        file.declareNested("Codec");
        methods.stream()
                .filter(method -> method.isUnary() && method.owner() == service)
                .forEach(method -> file.declareNested(method.argumentsClass()));
    }

    static GeneratedFile generate(Symbols symbols, Service service) {
        return new MethodsSource(symbols, service).file();
    }

    private GeneratedFile file() {
        String name = file.name().simpleName();
        new Javadoc(file.head())
                .paragraph(
                        "How the methods of {@link " + file.use(file.symbols().of(service))
                                + "} travel: their names, modes, arguments and codecs. Middleware of unary calls sees the records"
                                + " here as requests.")
                .write();
        code.open("public final class " + name + " {");
        methods.forEach(this::writeDescriptor);
        code.line("/** The service with all its methods, inherited ones first. */");
        List<String> constants = methods.stream().map(ServiceMethod::constant).toList();
        code.list(
                "public static final " + file.use(RuntimeNames.SERVICE_DESCRIPTOR) + " DESCRIPTOR = new "
                        + file.use(RuntimeNames.SERVICE_DESCRIPTOR) + "(",
                List.of(
                        "\"" + service.name() + "\"",
                        "\"" + grpcPackage(service.document()) + "\"",
                        file.use(RuntimeNames.PAYLOAD_FORMAT) + ".THRIFT",
                        file.use("java.util.List") + ".of(" + String.join(", ", constants) + ")"),
                ");");
        code.blank().line("private " + name + "() {}");
        for (ServiceMethod method : methods) {
            if (method.isUnary() && method.owner() == service) {
                writeArguments(method);
            }
        }
        code.close("}");
        return file.finish();
    }

    /** As Kitex: the last segment of the Go namespace in lower case. */
    private static String grpcPackage(Document document) {
        String namespace = document.namespace("go");
        String full = namespace == null ? document.defaultNamespace() : namespace;
        return full.substring(full.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private void writeDescriptor(ServiceMethod method) {
        Function function = method.function();
        new Javadoc(code)
                .paragraph("The method {@code " + function.name() + "}.")
                .write();
        String descriptor = file.use(RuntimeNames.METHOD_DESCRIPTOR);
        String request = method.isUnary() ? argumentsClass(file, method) : method.request(types);
        String response = method.response(file, types);
        String variable =
                "public static final " + descriptor + "<" + request + ", " + response + "> " + method.constant();
        String grpcPackage = ".withGrpcPackage(\"" + grpcPackage(service.document()) + "\")";
        List<String> arguments = new ArrayList<>(List.of("\"" + service.name() + "\"", "\"" + function.name() + "\""));
        if (method.isUnary()) {
            arguments.add(request + ".CODEC");
            arguments.add(result(function));
            code.assignCall(variable, descriptor + (function.oneway() ? ".oneway" : ".unary"), arguments, grpcPackage);
        } else {
            arguments.add(file.use(RuntimeNames.STREAMING_MODE) + "."
                    + function.mode().name());
            arguments.add(request + ".CODEC");
            arguments.add(response + ".CODEC");
            code.assignCall(variable, descriptor + ".streaming", arguments, grpcPackage);
        }
        code.blank();
    }

    /** The record of a unary method's arguments, which stands in the class of the service that declares it. */
    static String argumentsClass(SourceFile file, ServiceMethod method) {
        ClassName outer = file.symbols().methodsOf(method.owner());
        return outer.equals(file.name()) ? method.argumentsClass() : file.use(outer) + "." + method.argumentsClass();
    }

    private String result(Function function) {
        @Nullable IdlType returned = function.returnType();
        StringBuilder out = new StringBuilder(file.use(RuntimeNames.UNARY_RESULT))
                .append(returned == null ? ".ofVoid()" : ".of(" + types.codec(returned) + ")");
        for (Field exception : function.exceptions()) {
            String type = types.boxed(exception.type());
            out.append(".or(").append(exception.id()).append(", ");
            out.append(type).append(".class, ").append(type).append(".CODEC)");
        }
        return out.toString();
    }

    private void writeArguments(ServiceMethod method) {
        code.blank();
        String name = method.argumentsClass();
        List<JavaField> fields = method.arguments();
        Components components = new Components(file, fields);
        Javadoc doc = new Javadoc(code)
                .paragraph("The arguments of {@code " + method.function().name() + "}.");
        fields.forEach(
                field -> doc.param(field.name(), field.field().doc(), Deprecation.reasonIn(field.annotations())));
        doc.write();
        code.list("public record " + name + "(", components.declarations(), ") {");
        code.indent();
        code.line("/** Writes and reads them. */")
                .line("public static final " + file.use(RuntimeNames.STRUCT_CODEC) + "<" + name
                        + "> CODEC = new Codec();")
                .blank();
        components.writeCompactConstructor(name);
        new CodecSource(file, code, method.function().name() + "_args", name, fields, false).write();
        code.close("}");
    }
}
