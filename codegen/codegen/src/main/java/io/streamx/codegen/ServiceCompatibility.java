package io.streamx.codegen;

import io.streamx.codegen.Incompatibility.Kind;
import io.streamx.idl.Field;
import io.streamx.idl.Function;
import io.streamx.idl.FunctionMode;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.Service;
import io.streamx.idl.SourcePosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares two versions of a service. */
final class ServiceCompatibility {
    private final Versions versions;
    private final List<Incompatibility> found;
    private final TypeCompatibility types;

    ServiceCompatibility(Versions versions, List<Incompatibility> found) {
        this.versions = versions;
        this.found = found;
        types = new TypeCompatibility(versions);
    }

    void compare(Service older, Service newer) {
        List<ServiceMethod> before = ServiceMethod.of(older);
        List<ServiceMethod> after = ServiceMethod.of(newer);
        Map<String, ServiceMethod> byName = new LinkedHashMap<>();
        after.forEach(method -> byName.put(method.function().name(), method));
        for (ServiceMethod method : before) {
            ServiceMethod same = byName.get(method.function().name());
            boolean inherited = method.owner() != older;
            if (same == null) {
                found.add(Changes.both(
                        inherited ? newer.position() : method.function().position(),
                        Kind.FUNCTION_REMOVED,
                        newer.name() + "." + method.function().name(),
                        "calls of clients of the older IDL find no such method, and the Java methods " + method.name()
                                + " are gone"));
            } else if (!inherited || versions.counterpart(method.owner()) != same.owner()) {
                // A function that both versions inherit from one service is compared with that service.
                compare(newer.name() + "." + method.function().name(), method, same);
            }
        }
        compareHandlers(newer, before, after);
        compareBases(older, newer);
    }

    /** Handlers of a service with one method may be lambda expressions; those of others may leave methods out. */
    private void compareHandlers(Service newer, List<ServiceMethod> before, List<ServiceMethod> after) {
        if (before.size() == 1 && after.size() > 1) {
            found.add(
                    Changes.source(
                            newer.position(),
                            Kind.FUNCTION_ADDED,
                            newer.name(),
                            "it had one function, has " + after.size()
                                    + ": a lambda expression is no handler any more; a class that implements the one still is"));
        } else if (before.isEmpty() && after.size() == 1) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.FUNCTION_ADDED,
                    newer.name(),
                    "it had no function, has one: every handler must implement "
                            + after.get(0).name()));
        }
    }

    private void compareBases(Service older, Service newer) {
        Service before = older.base();
        if (before == null) {
            return;
        }
        for (Service base = newer.base(); base != null; base = base.base()) {
            if (versions.counterpart(before) == base) {
                return;
            }
        }
        found.add(Changes.source(
                newer.position(),
                Kind.BASE_CHANGED,
                newer.name(),
                "the Java interface extended " + versions.olderClass(before) + ", extends "
                        + (newer.base() == null ? "nothing" : versions.newerClass(newer.base())) + " now"));
    }

    private void compare(String element, ServiceMethod before, ServiceMethod after) {
        Function older = before.function();
        Function newer = after.function();
        if (!before.name().equals(after.name())) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.FUNCTION_RENAMED,
                    element,
                    "the Java method was " + before.name() + ", is " + after.name()));
        }
        if (older.mode() != newer.mode()) {
            found.add(Changes.both(
                    newer.position(),
                    Kind.MODE_CHANGED,
                    element,
                    "it was " + mode(older) + ", is " + mode(newer)
                            + ": peers disagree on who sends how many messages, and the Java methods are others"));
            return;
        }
        if (older.mode() == FunctionMode.UNARY) {
            compareUnary(element, older, newer);
        } else {
            Field request = older.arguments().get(0);
            Field newRequest = newer.arguments().get(0);
            Changes.add(
                    found,
                    newRequest.position(),
                    Kind.ARGUMENTS_CHANGED,
                    element + "(" + newRequest.name() + ")",
                    types.wire(request.type(), newRequest.type()),
                    types.source(request.type(), newRequest.type(), true, true));
            compareResults(element, older, newer);
        }
    }

    private static String mode(Function function) {
        return function.mode() == FunctionMode.UNARY
                ? "unary"
                : function.mode().name().toLowerCase(Locale.ROOT)
                        + (function.mode() == FunctionMode.BIDIRECTIONAL ? "" : " streaming");
    }

    private void compareUnary(String element, Function older, Function newer) {
        if (older.oneway() != newer.oneway()) {
            found.add(Changes.wire(
                    newer.position(),
                    Kind.ONEWAY_CHANGED,
                    element,
                    newer.oneway()
                            ? "it is oneway now: clients of the older IDL wait for a reply that does not come"
                            : "it was oneway: clients of the newer IDL wait for a reply that servers of the older do not"
                                    + " send"));
        }
        compareArguments(element, older, newer);
        compareResults(element, older, newer);
        compareThrows(element, older, newer);
    }

    private void compareResults(String element, Function older, Function newer) {
        IdlType before = older.returnType();
        IdlType after = newer.returnType();
        if (before == null && after == null) {
            return;
        }
        String wire;
        String source;
        if (before == null || after == null) {
            wire = "the result was " + shown(before) + ", is " + shown(after) + ": a caller who expects one gets none";
            source = "the Java methods return something else";
        } else {
            wire = types.wire(before, after);
            source = types.source(before, after, false, false);
        }
        Changes.add(found, newer.position(), Kind.RESULT_CHANGED, element, wire, source);
    }

    private static String shown(@Nullable IdlType type) {
        return type == null ? "void" : type.toString();
    }

    private void compareArguments(String element, Function older, Function newer) {
        Changes.Fields fields = Changes.Fields.match(older.arguments(), newer.arguments());
        for (Field removed : fields.removed()) {
            String wire = null;
            if (removed.requiredness() == Requiredness.REQUIRED) {
                wire = "servers of the older IDL require it, and clients of the newer do not send it";
            } else if (JavaTypes.isStruct(removed.type()) && removed.defaultValue() == null) {
                wire = "handlers of the older IDL get null for it, as clients of the newer do not send it";
            }
            argument(newer.position(), element, removed, wire, "the Java methods have one parameter less");
        }
        for (Field added : fields.added()) {
            argument(
                    added.position(),
                    element,
                    added,
                    added.requiredness() == Requiredness.REQUIRED
                            ? "clients of the older IDL do not send it, and servers of the newer require it"
                            : null,
                    "the Java methods have one parameter more");
        }
        fields.pairs().forEach((before, after) -> compareArgument(element, before, after));
        List<Field> orderNow = new ArrayList<>(newer.arguments());
        orderNow.retainAll(fields.pairs().values());
        if (!orderNow.equals(List.copyOf(fields.pairs().values()))) {
            found.add(Changes.source(
                    newer.position(),
                    Kind.ARGUMENTS_CHANGED,
                    element,
                    "the Java methods have their parameters in another order"));
        }
    }

    private void argument(
            SourcePosition position, String element, Field argument, @Nullable String wire, String source) {
        Changes.add(found, position, Kind.ARGUMENTS_CHANGED, element + "(" + argument.name() + ")", wire, source);
    }

    private void compareArgument(String element, Field before, Field after) {
        String argument = element + "(" + after.name() + ")";
        if (before.id() != after.id()) {
            found.add(Changes.wire(
                    after.position(),
                    Kind.FIELD_ID_CHANGED,
                    argument,
                    "the id was " + before.id() + ", is " + after.id() + ": it does not arrive"));
        }
        boolean required = before.requiredness() == Requiredness.REQUIRED;
        if (required != (after.requiredness() == Requiredness.REQUIRED) && mayBeLeftOut(before, after)) {
            found.add(Changes.wire(
                    after.position(),
                    Kind.REQUIREDNESS_CHANGED,
                    argument,
                    required
                            ? "it was required, is not: clients of the newer IDL may leave it out, which servers of the"
                                    + " older refuse"
                            : "it is required now: clients of the older IDL may leave it out, which servers of the newer"
                                    + " refuse"));
        }
        Changes.add(
                found,
                after.position(),
                Kind.TYPE_CHANGED,
                argument,
                types.wire(before.type(), after.type()),
                types.source(before.type(), after.type(), false, false));
    }

    /** A client leaves a struct out that is null; everything else it always sends. */
    private static boolean mayBeLeftOut(Field before, Field after) {
        return JavaTypes.isStruct(before.type()) && JavaTypes.isStruct(after.type());
    }

    /** Java exceptions are unchecked, so that a catch of one that does not come compiles. */
    private void compareThrows(String element, Function older, Function newer) {
        Changes.Fields fields = Changes.Fields.match(older.exceptions(), newer.exceptions());
        for (Field removed : fields.removed()) {
            found.add(Changes.wire(
                    newer.position(),
                    Kind.THROWS_CHANGED,
                    element,
                    "it does not throw " + removed.type()
                            + " any more: clients of the newer IDL get a reply without a result where a server of the older"
                            + " throws it"));
        }
        for (Field added : fields.added()) {
            found.add(Changes.wire(
                    added.position(),
                    Kind.THROWS_CHANGED,
                    element,
                    "it throws " + added.type()
                            + ": clients of the older IDL get a reply without a result, which is success where the result is"
                            + " void"));
        }
        fields.pairs().forEach((before, after) -> {
            if (before.id() != after.id()) {
                found.add(Changes.wire(
                        after.position(),
                        Kind.FIELD_ID_CHANGED,
                        element + " throws " + after.name(),
                        "the id was " + before.id() + ", is " + after.id()
                                + ": clients of the older IDL get a reply without a result"));
            }
            Changes.add(
                    found,
                    after.position(),
                    Kind.THROWS_CHANGED,
                    element + " throws " + after.name(),
                    types.wire(before.type(), after.type()),
                    types.source(before.type(), after.type(), false, false));
        });
    }
}
