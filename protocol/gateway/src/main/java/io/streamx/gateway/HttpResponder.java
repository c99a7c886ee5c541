package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.wire.StreamHost;

/** Where a call writes the response to its request. On the event loop. */
interface HttpResponder {
    /** The engine's side of the connection. Any thread may ask. */
    StreamHost host();

    /** Answers with a whole response. */
    void reply(HttpReply reply);

    /** Begins a response whose body follows in pieces. */
    void begin(int status, HttpHeaders headers);

    /** Writes a piece of the body. Takes ownership. */
    void content(ByteBuf piece);

    /** Ends a response that was begun. */
    void end();

    /** Sends what was written since the last flush. The queue of the engine does this by itself. */
    void flush();

    /** Whether the network takes bytes now. */
    boolean isWritable();

    /** Cuts a response off that was begun, so that its reader cannot take it for whole. */
    void abort(String why);
}
