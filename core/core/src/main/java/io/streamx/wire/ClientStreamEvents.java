package io.streamx.wire;

import io.netty.buffer.ByteBuf;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * What a wire module reports about one stream of a client. The engine implements it, once, so that calls of it are as fast
 * as calls of a class. All methods are for the event loop of the stream's connection.
 */
public interface ClientStreamEvents extends ReadProgress {
    /** Which call the stream carries. */
    CallInfo call();

    /** Messages whose {@link OutboundMessage#cost} adds up to {@code cost} have left: their sender may send as much again. */
    void written(int cost);

    /**
     * The server's header came.
     *
     * @return false when it is the second header of the stream, which breaks the protocol
     */
    boolean onHeader(Metadata entries);

    /** A message came. The stream takes ownership of it. */
    void onMessage(InboundMessage message);

    /** A message came: {@code length} bytes of {@code in} from {@code index} on. They are copied; {@code in} stays the caller's. */
    void onMessage(ByteBuf in, int index, int length);

    /** The server ended the stream: well when {@code failure} is null. */
    void onEnd(Metadata trailer, @Nullable RpcException failure);

    /** The peer, or something on the way to it, gave the stream up. */
    void onReset(RpcException failure);

    /** This side gives the stream up because of what came for it; the peer is told. */
    void fail(RpcException failure);
}
