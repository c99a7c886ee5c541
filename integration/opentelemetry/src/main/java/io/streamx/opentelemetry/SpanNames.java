package io.streamx.opentelemetry;

import io.streamx.CallInfo;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The names {@code service/method} of the methods that were called last, each of which is made once. How many are kept is fixed,
 * because peers choose names. Any thread.
 */
final class SpanNames {
    private static final int KEPT = 64;

    private final AtomicReferenceArray<@Nullable Named> kept = new AtomicReferenceArray<>(KEPT);

    private record Named(String service, String method, String name) {}

    /** The name of a call, with whatever names its caller has sent. */
    String of(CallInfo call) {
        String service = call.service();
        String method = call.method();
        int slot = Math.floorMod(31 * service.hashCode() + method.hashCode(), KEPT);
        // No lock is needed: a record is seen whole, and at worst a name is made twice.
        Named known = kept.getPlain(slot);
        if (known == null || !known.method.equals(method) || !known.service.equals(service)) {
            known = new Named(service, method, service + "/" + method);
            kept.set(slot, known);
        }
        return known.name;
    }
}
