package io.streamx.gateway;

import io.netty.handler.codec.http.HttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What has come of requests whose turn has not come, because a response is under way. On the event loop. */
final class WaitingRequests {
    /** How much of the requests behind the current one waits before the socket is read no more. */
    private static final int MAX_BYTES = 64 << 10;
    /** What a waiting request costs beside its body. */
    private static final int REQUEST_COST = 1024;
    /** What a waiting piece of a body costs beside its bytes. */
    private static final int CONTENT_COST = 128;

    private final ArrayDeque<Object> pieces = new ArrayDeque<>();
    private int bytes;

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Whether more waits than is to wait. */
    boolean isFull() {
        return bytes > MAX_BYTES;
    }

    /** Adds a piece. Takes ownership. */
    void add(Object piece) {
        pieces.add(piece);
        bytes += cost(piece);
    }

    /** The piece that came first, which is the caller's from now on; null for none. */
    @Nullable
    Object poll() {
        Object piece = pieces.poll();
        if (piece != null) {
            bytes -= cost(piece);
        }
        return piece;
    }

    void drop() {
        pieces.forEach(ReferenceCountUtil::release);
        pieces.clear();
        bytes = 0;
    }

    private static int cost(Object piece) {
        return piece instanceof HttpContent content ? content.content().readableBytes() + CONTENT_COST : REQUEST_COST;
    }
}
