package io.streamx.codegen.java;

import io.streamx.idl.FunctionMode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Kotlin has of a service beside its Java: a client with suspending functions and flows, and an interface of such functions
 * to handle its calls. Both stand on the Java interface and client, and use {@code streamx-kotlin}. Types are in the words of
 * Kotlin; names are as Java has them, and are quoted here where Kotlin has another use for them.
 *
 * @param service the service and the package of all that is written; its name is that of the IDL
 * @param handler the interface of suspending functions
 * @param client the client with suspending functions
 * @param javaHandler the Java interface, with its package
 * @param javaClient the Java client, with its package
 * @param methods in the order of the IDL
 */
public record KotlinFile(
        ClassName service, String handler, String client, String javaHandler, String javaClient, List<Method> methods) {
    private static final Set<String> KEYWORDS = Set.of(
            "as",
            "break",
            "class",
            "continue",
            "do",
            "else",
            "false",
            "for",
            "fun",
            "if",
            "in",
            "interface",
            "is",
            "null",
            "object",
            "package",
            "return",
            "super",
            "this",
            "throw",
            "true",
            "try",
            "typealias",
            "typeof",
            "val",
            "var",
            "when",
            "while");

    /**
     * A method.
     *
     * @param idlName its name in the IDL
     * @param name of the functions
     * @param mode unary or one of the three kinds of stream
     * @param parameters of a unary method, and of one that streams to the caller
     * @param request the type of what a caller streams; not used elsewhere
     * @param response the type of what a stream brings back; not used for unary methods
     * @param result the type that a unary method returns, {@code Unit} for nothing; not used elsewhere
     * @param stream a name for the stream that is no parameter's
     */
    public record Method(
            String idlName,
            String name,
            FunctionMode mode,
            List<Parameter> parameters,
            String request,
            String response,
            String result,
            String stream) {}

    /**
     * A parameter.
     *
     * @param name of it
     * @param type of it
     * @param nullable whether Java calls a handler with null where the caller did not send it
     */
    public record Parameter(String name, String type, boolean nullable) {}

    /** The file, relative to the output directory. */
    public String path() {
        String folder =
                service.packageName().isEmpty() ? "" : service.packageName().replace('.', '/') + "/";
        return folder + handler + ".kt";
    }

    /** What stands in it; {@code head} is its first line. */
    public String text(String head) {
        Code code = new Code();
        code.line(head)
                .line("@file:Suppress(\"DEPRECATION\", \"OVERRIDE_DEPRECATION\", \"RedundantVisibilityModifier\")")
                .blank();
        if (!service.packageName().isEmpty()) {
            code.line("package " + quoted(service.packageName())).blank();
        }
        for (String name : List.of("asFlow", "call", "flowFrom", "sendAll", "sendTo", "serve", "through")) {
            code.line("import io.streamx.kotlin." + name);
        }
        code.line("import kotlinx.coroutines.flow.Flow").blank();
        writeHandler(code);
        code.blank();
        writeClient(code);
        return code.toString();
    }

    // ---- the handler ----

    private void writeHandler(Code code) {
        code.line("/**")
                .line(" * Handles the calls of the service `" + service.simpleName()
                        + "` with suspending functions. Functions of several")
                .line(" * calls run at once. A call that is cancelled cancels the coroutine of its function.")
                .line(" */")
                .open("public interface " + handler + " {");
        for (Method method : methods) {
            code.line("/** Handles `" + method.idlName() + "`. */");
            code.line("public " + handlerSignature(method)).blank();
        }
        String java = quoted(javaHandler);
        code.open("public companion object {")
                .line("/** The service with [handler] to serve it, for a server. */")
                .line("@JvmStatic")
                .line("public fun bind(handler: " + handler + "): io.streamx.service.ServiceDefinition =");
        code.indent();
        code.open(java + ".bind(object : " + java + " {");
        methods.forEach(method -> writeOverride(code, method));
        code.close("})");
        code.outdent();
        code.close("}");
        code.close("}");
    }

    private static String handlerSignature(Method method) {
        String name = quoted(method.name());
        String requests = "(requests: Flow<" + method.request() + ">): ";
        return switch (method.mode()) {
            case UNARY -> "suspend fun " + name + "(" + parameters(method) + "): " + method.result();
            case SERVER -> "fun " + name + "(" + parameters(method) + "): Flow<" + method.response() + ">";
            case CLIENT -> "suspend fun " + name + requests + method.response();
            case BIDIRECTIONAL -> "fun " + name + requests + "Flow<" + method.response() + ">";
        };
    }

    private static void writeOverride(Code code, Method method) {
        String name = quoted(method.name());
        String stream = method.stream();
        String arguments = method.parameters().stream()
                .map(parameter -> sent(method, parameter))
                .collect(Collectors.joining(", "));
        String both = "<" + method.request() + ", " + method.response() + ">";
        switch (method.mode()) {
            case UNARY ->
                code.line("override fun " + name + "(" + javaParameters(method) + "): " + method.result()
                        + " = serve { handler." + name + "(" + arguments + ") }");
            case SERVER ->
                code.line("override fun " + name + "(" + javaParameters(method) + ", " + stream
                                + ": io.streamx.ServerStreamingServer<" + method.response() + ">): Unit =")
                        .line("    serve { " + stream + ".sendAll(handler." + name + "(" + arguments + ")) }");
            case CLIENT ->
                code.line("override fun " + name + "(" + stream + ": io.streamx.ClientStreamingServer" + both
                                + "): Unit =")
                        .line("    serve { " + stream + ".sendAndClose(handler." + name + "(" + stream
                                + ".asFlow())) }");
            case BIDIRECTIONAL ->
                code.line("override fun " + name + "(" + stream + ": io.streamx.BidiStreamingServer" + both
                                + "): Unit =")
                        .line("    serve { " + stream + ".sendAll(handler." + name + "(" + stream + ".asFlow())) }");
        }
    }

    private static String parameters(Method method) {
        return method.parameters().stream()
                .map(parameter -> quoted(parameter.name()) + ": " + parameter.type())
                .collect(Collectors.joining(", "));
    }

    /** Java calls a handler with null for an argument that the caller did not send. */
    private static String javaParameters(Method method) {
        return method.parameters().stream()
                .map(parameter ->
                        quoted(parameter.name()) + ": " + parameter.type() + (parameter.nullable() ? "?" : ""))
                .collect(Collectors.joining(", "));
    }

    private static String sent(Method method, Parameter parameter) {
        String name = quoted(parameter.name());
        return parameter.nullable()
                ? "requireNotNull(" + name + ") { \"" + parameter.name() + ": not sent (expected: an argument of "
                        + method.idlName() + ")\" }"
                : name;
    }

    // ---- the client ----

    private void writeClient(Code code) {
        String java = quoted(javaClient);
        code.line("/**")
                .line(" * Calls the service `" + service.simpleName()
                        + "`. Cancelling a coroutine cancels its call; each collection of a flow")
                .line(" * is a call of its own.")
                .line(" *")
                .line(" * @property blocking the client of Java, whose `with` functions [with] applies")
                .line(" */")
                .open("public class " + client + "(public val blocking: " + java + ") {")
                .line("/** Calls through a channel, such as an `io.streamx.client.Client`. */")
                .line("public constructor(channel: io.streamx.service.Channel) : this(" + java + "(channel))")
                .blank()
                .line("/** A client with other options: `chat.with { it.withTimeout(limit) }`. */")
                .line("public fun with(change: (" + java + ") -> " + java + "): " + client + " = " + client
                        + "(change(blocking))");
        for (Method method : methods) {
            code.blank().line("/** Calls `" + method.idlName() + "`. */");
            writeCall(code, method);
        }
        code.close("}");
    }

    private static void writeCall(Code code, Method method) {
        String name = quoted(method.name());
        String arguments = method.parameters().stream()
                .map(parameter -> quoted(parameter.name()))
                .collect(Collectors.joining(", "));
        String requests = "requests: Flow<" + method.request() + ">";
        code.line(
                switch (method.mode()) {
                    case UNARY ->
                        "public suspend fun " + name + "(" + parameters(method) + "): " + method.result()
                                + " = call { blocking." + name + "(" + arguments + ") }";
                    case SERVER ->
                        "public fun " + name + "(" + parameters(method) + "): Flow<" + method.response()
                                + "> = flowFrom { blocking." + name + "(" + arguments + ") }";
                    case CLIENT ->
                        "public suspend fun " + name + "(" + requests + "): " + method.response()
                                + "? = requests.sendTo { blocking." + name + "() }";
                    case BIDIRECTIONAL ->
                        "public fun " + name + "(" + requests + "): Flow<" + method.response()
                                + "> = requests.through { blocking." + name + "() }";
                });
    }

    /** A name of Java in Kotlin, where other words are taken. */
    public static String quoted(String name) {
        return Arrays.stream(name.split("\\.", -1))
                .map(part -> KEYWORDS.contains(part) ? "`" + part + "`" : part)
                .collect(Collectors.joining("."));
    }
}
