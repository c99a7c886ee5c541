package io.streamx.gateway;

import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/** A request whose JSON is not the message that its method takes. */
final class BadJsonException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String place;

    /**
     * What is wrong.
     *
     * @param place where: {@code request.users[3].name}, or {@code line 1, column 7}; null where nobody can say
     */
    BadJsonException(String message, @Nullable String place, @Nullable Throwable cause) {
        super(message, cause);
        this.place = place;
    }

    @Nullable
    String place() {
        return place;
    }
}
