package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.StreamHost;
import org.jspecify.annotations.Nullable;

/** Where a call writes the response to its request. On the event loop. */
interface HttpResponder {
    /** The engine's side of the connection. Any thread may ask. */
    StreamHost host();

    /** What is told of the messages that a stream's handler takes; null where the caller has no window of its own. Any thread. */
    default @Nullable ReadCredit credit() {
        return null;
    }

    /** Answers with a whole response. */
    default void reply(HttpReply reply) {
        boolean unused = reply(reply, 0);
    }

    /**
     * Answers with a whole response.
     *
     * @param cost what {@link HttpCall#written} of the call is told when the body has left
     * @return whether it counts as left; otherwise {@link HttpCall#written} is called when it has
     */
    boolean reply(HttpReply reply, int cost);

    /** Begins a response whose body follows in pieces. */
    void begin(int status, HttpHeaders headers);

    /** Writes a piece of the body. Takes ownership. */
    void content(ByteBuf piece);

    /**
     * Writes messages of a stream. Takes ownership.
     *
     * @param cost what the messages cost their sender until they have left
     * @return whether they count as left; otherwise {@link HttpCall#written} is called when they have
     */
    default boolean messages(ByteBuf pieces, int cost) {
        content(pieces);
        return true;
    }

    /** Ends a response that was begun. */
    void end();

    /** Sends what was written since the last flush. The queue of the engine does this by itself. */
    void flush();

    /** Whether the network takes bytes now. */
    boolean isWritable();

    /** Cuts a response off that was begun, so that its reader cannot take it for whole. */
    void abort(String why);
}
