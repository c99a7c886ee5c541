package io.streamx.codegen;

import io.streamx.codegen.java.JavaNames;
import io.streamx.idl.Field;
import io.streamx.idl.Function;
import io.streamx.idl.FunctionMode;
import io.streamx.idl.Service;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A method of a service as Java sees it.
 *
 * @param function the function of the IDL
 * @param owner the service that declares it, perhaps a base of the one at hand
 * @param name of the Java methods
 * @param constant of its descriptor
 * @param argumentsClass of the record of its arguments
 * @param arguments in the order of the IDL
 */
record ServiceMethod(
        Function function,
        Service owner,
        String name,
        String constant,
        String argumentsClass,
        List<JavaField> arguments) {
    /** All methods, those of the bases first, so that a base's methods are named the same in every service below it. */
    static List<ServiceMethod> of(Service service) {
        Deque<Service> line = new ArrayDeque<>();
        for (Service one = service; one != null; one = one.base()) {
            line.addFirst(one);
        }
        Set<String> names = new HashSet<>(JavaNames.SERVICE_MEMBERS);
        Set<String> constants = new HashSet<>(Set.of("DESCRIPTOR"));
        // The names are compared in lower case, because some file systems do so with the names of class files.
        Set<String> classes = new HashSet<>(Set.of("codec"));
        List<ServiceMethod> methods = new ArrayList<>();
        for (Service owner : line) {
            for (Function function : owner.functions()) {
                // Kitex leaves functions whose names begin with an underscore out of the service.
                if (function.name().startsWith("_")) {
                    continue;
                }
                String name = JavaNames.unique(JavaNames.member(function.name()), names::contains);
                String constant = JavaNames.unique(JavaNames.constant(function.name()), constants::contains);
                String type = JavaNames.unique(
                        JavaNames.type(function.name()) + "Args",
                        one -> classes.contains(one.toLowerCase(Locale.ROOT)));
                names.add(name);
                constants.add(constant);
                classes.add(type.toLowerCase(Locale.ROOT));
                methods.add(new ServiceMethod(
                        function,
                        owner,
                        name,
                        constant,
                        type,
                        JavaField.ofArguments(function.arguments(), function.mode() == FunctionMode.UNARY)));
            }
        }
        return methods;
    }

    /** How many methods {@link #of} gives at most. */
    static int count(Service service) {
        int count = 0;
        for (Service one = service; one != null; one = one.base()) {
            count += one.functions().size();
        }
        return count;
    }

    boolean isUnary() {
        return function.mode() == FunctionMode.UNARY;
    }

    /** Whether a handler may be called without some of the arguments, which are null then. */
    boolean mayLackArguments() {
        return arguments.stream().anyMatch(JavaField::isNullable);
    }

    /** Whether a unary call returns nothing. */
    boolean isVoid() {
        return function.returnType() == null;
    }

    /** The one argument of a stream, whose type is that of its requests. */
    Field request() {
        return function.arguments().get(0);
    }

    /** The type arguments of descriptors and streams: what is sent and what is received. */
    String request(JavaTypes types) {
        return types.boxed(request().type());
    }

    String response(SourceFile file, JavaTypes types) {
        return function.returnType() == null ? file.use("java.lang.Void") : types.boxed(function.returnType());
    }

    /** The result of the Java methods. */
    String result(JavaTypes types) {
        return function.returnType() == null ? "void" : types.declared(function.returnType());
    }

    /** A name for a variable of the generator's own that no argument has. */
    String variable(String name) {
        return JavaNames.unique(
                name,
                taken -> arguments.stream().anyMatch(argument -> argument.name().equals(taken)));
    }
}
