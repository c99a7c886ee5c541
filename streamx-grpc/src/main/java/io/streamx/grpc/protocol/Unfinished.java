package io.streamx.grpc.protocol;

import org.jspecify.annotations.Nullable;

/** For the few minutes in which signatures have no bodies. */
final class Unfinished {
    private Unfinished() {}

    @SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"})
    static <T> T body(@Nullable Object... with) {
        throw new UnsupportedOperationException(with.length + " arguments");
    }
}
