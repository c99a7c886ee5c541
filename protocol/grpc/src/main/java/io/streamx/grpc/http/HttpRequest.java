package io.streamx.grpc.http;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import io.streamx.wire.ReadProgress;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one request. How much its caller may send follows from the three counts, which are asked for after each piece
 * of the body: what is neither held nor in a message that its reader has not taken may be sent again. On the event loop.
 */
public interface HttpRequest {
    /** A piece of the body has come. The caller keeps owning it. */
    void onData(ByteBuf piece);

    /** The request is whole. */
    void onEnd();

    /** Nobody waits for the response any more, and nothing can be written. */
    void onLeft(RpcException reason);

    /** The connection holds too much of requests that do not go on: the call ends, and its caller may be told why. */
    void onStalled(RpcException reason);

    /** Bytes whose costs add up to {@code cost} have left, or never will. */
    void written(int cost);

    /** What the reader of a stream has taken; null where no reader waits before the request is whole. */
    @Nullable
    ReadProgress reading();

    /** How much memory is held of messages that are not whole. */
    int heldBytes();

    /**
     * How many bytes are missing of the message that has begun, or the most that may come of it where nobody knows; 0 where
     * none has begun.
     */
    int missingBytes();

    /** How many bytes of messages have been handed on to be read, in all. {@link HttpStream#credit} is told of those taken. */
    long handedOnBytes();
}
