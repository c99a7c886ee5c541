package io.streamx.endpoint;

import io.streamx.service.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Middleware and the methods that it is for.
 *
 * @param <M> the kind of middleware
 */
public record ForMethods<M>(Predicate<MethodDescriptor<?, ?>> methods, M middleware) {
    /** The middleware among {@code all} that is for {@code method}, in the order given. */
    public static <M> List<M> matching(MethodDescriptor<?, ?> method, List<ForMethods<M>> all) {
        List<M> matching = new ArrayList<>();
        for (ForMethods<M> one : all) {
            if (one.methods().test(method)) {
                matching.add(one.middleware());
            }
        }
        return matching;
    }
}
