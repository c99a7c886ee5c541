package io.streamx.generic;

import org.jspecify.annotations.Nullable;

/**
 * What the messages of generic calls are to the program that makes or serves them.
 *
 * <p>Immutable, safe from any number of threads.
 *
 * @param <T> the class of requests and replies
 */
public sealed interface Form<T> {
    /**
     * Plain Java values. A program may give, and gets:
     *
     * <ul>
     *   <li>bool: {@link Boolean}; i8, i16, i32, i64: {@link Byte}, {@link Short}, {@link Integer}, {@link Long}, and any
     *       whole number in range is taken; double: {@link Double}
     *   <li>string: {@link String}; binary: {@link io.streamx.thrift.Binary}, and {@code byte[]} or {@link
     *       java.nio.ByteBuffer} are taken
     *   <li>enum: the name as {@link String}, or the number as {@link Integer} where the IDL has no name for it
     *   <li>list, set, map: {@link java.util.List}, {@link java.util.Set}, {@link java.util.Map}
     *   <li>struct, union, exception: {@code Map<String, Object>} from the names of the fields that are set
     * </ul>
     */
    static Form<Object> values() {
        return new Values();
    }

    /** JSON texts, as {@link JsonOptions#DEFAULT} writes them. */
    static Form<String> json() {
        return json(JsonOptions.DEFAULT);
    }

    /**
     * JSON texts: enums by name (a number is taken, too), binary in base64, i64 as number (a string is taken, too), maps as
     * objects, and those whose keys are structs or containers as lists of pairs. NaN and the infinities are strings. A
     * member that is null is absent.
     */
    static Form<String> json(JsonOptions options) {
        return new Json(options);
    }

    /** Plain values. */
    record Values() implements Form<Object> {}

    /**
     * JSON texts.
     *
     * @param options how they are written
     */
    record Json(JsonOptions options) implements Form<String> {}

    /** The message that a program sees for a value, which is null where there is none. */
    @SuppressWarnings("unchecked") // each form has the class of its own messages
    default @Nullable T message(@Nullable Object value) {
        return (T)
                switch (this) {
                    case Values values -> value;
                    case Json json -> value == null ? null : JsonText.write(value, json.options);
                };
    }

    /** The plain value of a message, not checked against any type. */
    default @Nullable Object value(@Nullable T message) {
        return switch (this) {
            case Values values -> message;
            case Json json -> message == null ? null : JsonText.parse((String) message);
        };
    }
}
