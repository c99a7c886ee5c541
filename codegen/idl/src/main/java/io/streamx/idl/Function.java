package io.streamx.idl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of a service.
 *
 * @param name the name as written, which is also the name on the wire
 * @param mode which ends stream; a streaming function has one argument and a result, both struct, union or exception
 * @param oneway whether no reply is sent
 * @param returnType null for {@code void}
 * @param arguments in the order written
 * @param exceptions what stands behind {@code throws}, in the order written; meaningless for streams, as in Kitex
 * @param doc its comment, or null
 * @param annotations what follows it
 * @param position where its name stands
 */
public record Function(
        String name,
        FunctionMode mode,
        boolean oneway,
        @Nullable IdlType returnType,
        List<Field> arguments,
        List<Field> exceptions,
        @Nullable String doc,
        Annotations annotations,
        SourcePosition position) {
    /** Copies the lists. */
    public Function {
        arguments = List.copyOf(arguments);
        exceptions = List.copyOf(exceptions);
    }
}
