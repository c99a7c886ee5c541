package io.streamx.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The header and trailer of a unary call at its server: added to until the reply is made. Safe on any thread. */
public final class ReplyEntries {
    /** What goes out before and after the reply, or with the error. */
    public record Sealed(Map<String, String> header, Map<String, String> trailer) {
        /** Nothing. */
        public static final Sealed NONE = new Sealed(Map.of(), Map.of());
    }

    private final Consumer<Map<String, String>> check;

    // Guarded by this.
    private Map<String, String> header = Map.of();
    private Map<String, String> trailer = Map.of();
    private boolean sealed;

    /** Entries for a carrier whose {@code check} throws for those it cannot send. */
    public ReplyEntries(Consumer<Map<String, String>> check) {
        this.check = check;
    }

    public synchronized void addToHeader(String call, Map<String, String> entries) {
        header = merged("header", call, header, entries);
    }

    public synchronized void addToTrailer(String call, Map<String, String> entries) {
        trailer = merged("trailer", call, trailer, entries);
    }

    private Map<String, String> merged(String what, String call, Map<String, String> old, Map<String, String> entries) {
        if (sealed) {
            throw new IllegalStateException(
                    what + " of the unary call " + call + " after its reply (expected: before the handler returns)");
        }
        Map<String, String> merged = new LinkedHashMap<>(old);
        merged.putAll(entries);
        check.accept(merged);
        return merged;
    }

    /** All that was added. What is added from now on would come too late, and is refused. */
    public synchronized Sealed seal() {
        sealed = true;
        return new Sealed(header, trailer);
    }
}
