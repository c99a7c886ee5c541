package io.streamx.idl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service. */
public final class Service extends Definition {
    private @Nullable Service base;
    private List<Function> functions = List.of();

    Service(Declaration declaration) {
        super(declaration);
    }

    void complete(@Nullable Service base, List<Function> functions) {
        this.base = base;
        this.functions = List.copyOf(functions);
    }

    /** The service it extends, perhaps of an included file, or null. */
    public @Nullable Service base() {
        return base;
    }

    /**
     * Its own functions in the order written. As in Kitex, those whose name starts with an underscore are checked, but
     * are no part of the service.
     */
    public List<Function> functions() {
        return functions;
    }

    /** The functions of its bases, the furthest first, then its own. No name comes twice. */
    public List<Function> allFunctions() {
        Deque<Service> line = new ArrayDeque<>();
        for (Service service = this; service != null; service = service.base) {
            line.addFirst(service);
        }
        return line.stream().flatMap(service -> service.functions.stream()).toList();
    }
}
