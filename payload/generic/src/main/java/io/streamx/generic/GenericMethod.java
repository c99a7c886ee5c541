package io.streamx.generic;

import io.streamx.StreamingMode;
import io.streamx.idl.Field;
import io.streamx.idl.Function;
import io.streamx.idl.IdlType;
import io.streamx.idl.StructType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function of a {@link GenericService}: how its messages are checked and written. Immutable, safe from any number of
 * threads.
 */
public final class GenericMethod {
    private final Function function;
    private final Codecs codecs;
    private final ShapeCodec arguments;
    private final ShapeCodec outcome;
    private final Map<String, String> exceptionFields;

    GenericMethod(Function function, Codecs codecs) {
        this.function = function;
        this.codecs = codecs;
        arguments = codecs.of(Shape.ofArguments(function.name(), function.arguments()));
        outcome = codecs.of(Shape.ofOutcome(function.name(), function.returnType(), function.exceptions()));
        exceptionFields = new LinkedHashMap<>();
        for (Field exception : function.exceptions()) {
            String type =
                    ((IdlType.Named) exception.type().resolved()).definition().name();
            exceptionFields.putIfAbsent(type, exception.name());
        }
    }

    /** The name as the IDL has it. */
    public String name() {
        return function.name();
    }

    /** Which ends send a stream of messages. */
    public StreamingMode mode() {
        return StreamingMode.valueOf(function.mode().name());
    }

    /** Whether no reply is sent. */
    public boolean isOneway() {
        return function.oneway();
    }

    /** What the IDL says of the function: types, comments, annotations. */
    public Function function() {
        return function;
    }

    // ---- unary: one argument is the request itself, several are an object by name ----

    /** The checked arguments of a request. */
    Map<String, Object> arguments(@Nullable Object request, boolean json) {
        Canonical canonical = new Canonical(codecs, json);
        List<Shape.Member> members = arguments.shape().members();
        Place place = Place.of("request");
        if (members.size() != 1) {
            return canonical.struct(request == null ? Map.of() : request, arguments, place);
        }
        if (request == null) {
            return canonical.struct(Map.of(), arguments, place);
        }
        Shape.Member only = members.get(0);
        return Map.of(only.name(), canonical.value(request, only.type(), place));
    }

    /** The request that arguments make. */
    @Nullable
    Object request(Map<String, Object> received) {
        List<Shape.Member> members = arguments.shape().members();
        return members.size() == 1 ? received.get(members.get(0).name()) : received;
    }

    ShapeCodec argumentsCodec() {
        return arguments;
    }

    ShapeCodec outcomeCodec() {
        return outcome;
    }

    /** The checked outcome for what a handler returned. */
    Map<String, Object> outcome(@Nullable Object result, boolean json) {
        if (result == null || function.returnType() == null) {
            return Map.of();
        }
        return Map.of("success", new Canonical(codecs, json).value(result, function.returnType(), Place.of("reply")));
    }

    /** The checked outcome for an exception, or null where the function does not declare it. */
    @Nullable
    Map<String, Object> outcome(GenericException exception) {
        String field = exceptionFields.get(exception.type());
        if (field == null) {
            return null;
        }
        int index = outcome.shape().indexOf(field);
        IdlType type = outcome.shape().members().get(index).type();
        Object fields = new Canonical(codecs, false).value(exception.fields(), type, Place.of(exception.type()));
        return Map.of(field, fields);
    }

    /** The exception that an outcome holds, or null. */
    @Nullable
    GenericException exceptionIn(Map<String, Object> received) {
        for (Map.Entry<String, String> declared : exceptionFields.entrySet()) {
            if (received.get(declared.getValue()) instanceof Map<?, ?> fields) {
                @SuppressWarnings("unchecked") // the codec of the exception made it
                Map<String, Object> named = (Map<String, Object>) fields;
                return new GenericException(declared.getKey(), named);
            }
        }
        return null;
    }

    // ---- streams: one struct each way ----

    ShapeCodec requestCodec() {
        return codecs.of(struct(function.arguments().get(0).type()));
    }

    ShapeCodec responseCodec() {
        if (function.returnType() == null) {
            throw new IllegalStateException(name() + " is a stream without messages from the server");
        }
        return codecs.of(struct(function.returnType()));
    }

    private static StructType struct(IdlType type) {
        return (StructType) ((IdlType.Named) type.resolved()).definition();
    }

    /** The checked message of a stream. */
    Map<String, Object> message(@Nullable Object message, ShapeCodec codec, boolean json, String what) {
        if (message == null) {
            throw new IllegalArgumentException(what + ": null (expected: the fields of " + codec.name() + ")");
        }
        return new Canonical(codecs, json).struct(message, codec, Place.of(what));
    }

    @Override
    public String toString() {
        return name();
    }
}
