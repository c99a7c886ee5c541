package io.streamx.grpc.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.StreamHost;

/**
 * Where the response to a request is written: one stream of an HTTP/2 connection. What is written for a stream that has ended is
 * dropped. On the event loop, unless a method says otherwise.
 */
public interface HttpStream {
    /** The engine's side of the connection. Any thread. */
    StreamHost host();

    /** What is told of the bytes that the reader of the request's messages takes. Any thread. */
    ReadCredit credit();

    /** Writes a head: of the response, or of an interim response with a status of 1xx. */
    void head(Http2Headers headers);

    /**
     * Writes a piece of the body, which leaves as the windows of the caller allow. Takes ownership.
     *
     * @param cost what {@link HttpRequest#written} is told when the piece has left
     */
    void data(ByteBuf piece, int cost);

    /** Ends the response. When it has left, a caller who still sends is told that nobody reads it. */
    void end();

    /** Cuts the response off, so that its reader cannot take it for whole. */
    void reset();

    /** Sends what was written since the last flush. The queue of the engine does this by itself. */
    void flush();

    /** Whether what is written now would leave now. */
    boolean isWritable();

    /** Whether the caller may send nothing now, or could not at any time since this was last asked: then it is not late. */
    boolean wasHeldBack();
}
