package io.streamx.wire;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * What a wire module reports about one stream of a server. The engine implements it, once, so that calls of it are as fast
 * as calls of a class. All methods are for the event loop of the stream's connection.
 */
public interface ServerStreamEvents extends ReadProgress {
    /** Messages whose {@link OutboundMessage#cost} adds up to {@code cost} have left: their sender may send as much again. */
    void written(int cost);

    /** A message came. The stream takes ownership of it. */
    void onMessage(InboundMessage message);

    /** A message came: {@code length} bytes of {@code in} from {@code index} on. They are copied; {@code in} stays the caller's. */
    void onMessage(ByteBuf in, int index, int length);

    /** The caller sends no more messages. A {@code failure} is what the handler receives instead of the clean end. */
    void onEnd(@Nullable RpcException failure);

    /** The caller gave the stream up. */
    void onReset(RpcException failure);
}
