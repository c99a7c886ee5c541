package io.streamx.service;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns the outcome of a unary call into bytes and back: a result (null for void) or an exception the method declares.
 *
 * @param <T> the result
 */
public interface ResultCodec<T> {
    /** Leaves outcomes as the bytes they are, declared exceptions among them, for proxies. */
    static ResultCodec<byte[]> raw() {
        return RawPayload.RESULT;
    }

    /** The class of the results, to name one of another class before it is used; null when it is not known. */
    default @Nullable Class<?> resultType() {
        return null;
    }

    /** Appends a result to {@code out}, which the caller keeps owning. */
    void encodeResult(@Nullable T result, ByteBuf out);

    /**
     * Appends {@code failure} if it is an exception that the method declares.
     *
     * @return false, with nothing written, when the method does not declare it
     */
    boolean encodeException(Throwable failure, ByteBuf out);

    /**
     * Reads an outcome.
     *
     * @return the result; null for void
     * @throws io.streamx.DeclaredException when the outcome is an exception that the method declares
     * @throws io.streamx.ApplicationException {@code MISSING_RESULT} when a method that returns something got nothing
     */
    @Nullable
    T decode(ByteBuf in);
}
