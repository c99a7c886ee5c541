package io.streamx.wire;

import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of settings and arguments, which name the value and what was expected. */
public final class Checks {
    private Checks() {}

    /**
     * A message that is to be sent by that method.
     *
     * @throws NullPointerException naming the method and the class of its messages
     */
    public static <T> T message(@Nullable T message, MethodDescriptor<?, ?> method, MessageCodec<T> codec) {
        if (message == null) {
            Class<?> type = codec.messageType();
            throw new NullPointerException("message of " + method + ": null (expected: a "
                    + (type == null ? "message" : type.getName()) + ")");
        }
        return message;
    }

    /**
     * The value of the setting {@code name}.
     *
     * @throws IllegalArgumentException when it is zero or negative
     */
    public static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    /**
     * The value of the setting {@code name}.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public static Duration notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 or more)");
        }
        return value;
    }

    /**
     * The value of the setting {@code name}.
     *
     * @throws IllegalArgumentException when it is zero or negative
     */
    public static int positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
