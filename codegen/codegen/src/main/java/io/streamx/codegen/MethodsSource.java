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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the class that both ends of a service share: descriptors and the records of unary arguments. */
final class MethodsSource {
    /** How many descriptors one class holds: one method makes them all, and may have 64 KB. */
    private static final int PART_METHODS = 300;

    private final SourceFile file;
    private final Code code;
    private final Service service;
    private final List<ServiceMethod> methods;

    private MethodsSource(Symbols symbols, Service service) {
        this.service = service;
        file = new SourceFile(symbols, service.document(), symbols.methodsOf(service));
        code = file.body();
        methods = ServiceMethod.of(service);
        file.declareNested("Codec");
        methods.stream()
                .filter(method -> method.isUnary() && method.owner() == service)
                .forEach(method -> file.declareNested(method.argumentsClass()));
        declareVariables(file);
    }

    private void declareVariables(SourceFile declared) {
        declared.declareVariables(List.of("CODEC", "DESCRIPTOR"));
        for (ServiceMethod method : methods) {
            declared.declareVariables(List.of(method.constant()));
            declared.declareVariables(JavaField.variables(method.arguments()));
        }
    }

    static List<GeneratedFile> generate(Symbols symbols, Service service) {
        return new MethodsSource(symbols, service).file();
    }

    private List<GeneratedFile> file() {
        String name = file.name().simpleName();
        String base = writeParts();
        new Javadoc(file.head())
                .paragraph(
                        "How the methods of {@link " + file.use(file.symbols().of(service))
                                + "} travel: their names, modes, arguments and codecs. Middleware of unary calls sees the records"
                                + " here as requests.")
                .write();
        code.open("public final class " + name + base + " {");
        methods.subList(methods.size() - ownMethods(), methods.size()).forEach(one -> writeDescriptor(file, one));
        code.line("/** The service with all its methods, inherited ones first. */");
        List<String> constants = methods.stream().map(ServiceMethod::constant).toList();
        code.list(
                "public static final " + file.use(RuntimeNames.SERVICE_DESCRIPTOR) + " DESCRIPTOR = new "
                        + file.use(RuntimeNames.SERVICE_DESCRIPTOR) + "(",
                List.of(
                        "\"" + service.name() + "\"",
                        "\"" + grpcPackage(service.document()) + "\"",
                        file.qualifier(RuntimeNames.PAYLOAD_FORMAT) + ".THRIFT",
                        file.qualifier("java.util.List") + ".of(" + String.join(", ", constants) + ")"),
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

    /**
     * The package in the path of a gRPC call, which is as with Kitex the last segment of the Go namespace in lower
     * case.
     */
    private static String grpcPackage(Document document) {
        String namespace = document.namespace("go");
        String full = namespace == null ? document.defaultNamespace() : namespace;
        return full.substring(full.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** How many of the last methods have their descriptors in the class itself and not in one it inherits from. */
    private int ownMethods() {
        return methods.isEmpty() ? 0 : (methods.size() - 1) % PART_METHODS + 1;
    }

    /**
     * Classes with the descriptors that are too many for one method.
     *
     * @return the extends clause of the class itself, empty without such classes
     */
    private String writeParts() {
        String base = "";
        for (int start = 0; start + ownMethods() < methods.size(); start += PART_METHODS) {
            SourceFile part = file.helper("Part");
            declareVariables(part);
            new Javadoc(part.head())
                    .paragraph("Methods of {@link " + part.use(file.name()) + "}.")
                    .write();
            String name = part.name().simpleName();
            part.body().open("abstract class " + name + base + " {");
            methods.subList(start, start + PART_METHODS).forEach(method -> writeDescriptor(part, method));
            part.body().line(name + "() {}").close("}");
            file.add(part);
            base = " extends " + name;
        }
        return base;
    }

    private void writeDescriptor(SourceFile part, ServiceMethod method) {
        Code body = part.body();
        JavaTypes partTypes = new JavaTypes(part);
        Function function = method.function();
        new Javadoc(body)
                .paragraph("The method {@code " + function.name() + "}.")
                .write();
        String descriptor = part.use(RuntimeNames.METHOD_DESCRIPTOR);
        String factory = part.qualifier(RuntimeNames.METHOD_DESCRIPTOR);
        String request = method.isUnary() ? argumentsClass(part, method) : method.request(partTypes);
        String response = method.response(part, partTypes);
        String variable =
                "public static final " + descriptor + "<" + request + ", " + response + "> " + method.constant();
        String grpcPackage = ".withGrpcPackage(\"" + grpcPackage(service.document()) + "\")";
        List<String> arguments = new ArrayList<>(List.of("\"" + service.name() + "\"", "\"" + function.name() + "\""));
        if (method.isUnary()) {
            arguments.add(argumentsCodec(part, method));
            arguments.add(result(part, partTypes, function));
            body.assignCall(variable, factory + (function.oneway() ? ".oneway" : ".unary"), arguments, grpcPackage);
        } else {
            arguments.add(part.qualifier(RuntimeNames.STREAMING_MODE) + "."
                    + function.mode().name());
            arguments.add(partTypes.codec(method.request().type()));
            arguments.add(partTypes.codec(Objects.requireNonNull(function.returnType())));
            body.assignCall(variable, factory + ".streaming", arguments, grpcPackage);
        }
        body.blank();
    }

    private static String argumentsCodec(SourceFile part, ServiceMethod method) {
        ClassName outer = part.symbols().methodsOf(method.owner());
        if (outer.equals(part.name())) {
            return method.argumentsClass() + ".CODEC";
        }
        String member = method.argumentsClass() + ".CODEC";
        return part.staticField(
                outer,
                member,
                other -> other.use(RuntimeNames.STRUCT_CODEC) + "<" + argumentsClass(other, method) + ">");
    }

    /** The record of a unary method's arguments, which stands in the class of the service that declares it. */
    static String argumentsClass(SourceFile file, ServiceMethod method) {
        ClassName outer = file.symbols().methodsOf(method.owner());
        return outer.equals(file.name()) ? method.argumentsClass() : file.use(outer) + "." + method.argumentsClass();
    }

    private static String result(SourceFile part, JavaTypes types, Function function) {
        @Nullable IdlType returned = function.returnType();
        StringBuilder out = new StringBuilder(part.qualifier(RuntimeNames.UNARY_RESULT));
        out.append(returned == null ? ".ofVoid()" : ".of(" + types.codec(returned) + ")");
        for (Field exception : function.exceptions()) {
            String type = types.boxed(exception.type());
            out.append(".or(").append(exception.id()).append(", ");
            out.append(type)
                    .append(".class, ")
                    .append(types.codec(exception.type()))
                    .append(')');
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
