package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.ServerStreamEvents;

/** Makes messages of the body of a request. On the event loop. */
interface RequestMessages {
    /** What the latest bytes have left of the messages that come one after the other. */
    enum Progress {
        /** No message has begun that is not whole. */
        WHOLE,
        /** A message that is not whole has begun with the latest bytes. */
        BEGUN,
        /** A message that had begun before the latest bytes is not whole yet. */
        GOES_ON
    }

    /** Whether messages may come one after the other, with as much time between them as their sender likes. */
    boolean isStream();

    /** What the latest piece has left. Asked of a stream alone, where a message that has begun is given limited time. */
    default Progress progress() {
        return Progress.WHOLE;
    }

    /** A piece of the body, which the caller keeps owning. */
    void add(ByteBuf piece, ServerStreamEvents stream) throws HttpRefusal;

    /** The body is whole. */
    void end(ServerStreamEvents stream) throws HttpRefusal;

    /** The whole body is the one message. */
    final class One implements RequestMessages {
        private final RequestBody body;

        One(int maxBytes) {
            body = new RequestBody(maxBytes);
        }

        @Override
        public boolean isStream() {
            return false;
        }

        @Override
        public void add(ByteBuf piece, ServerStreamEvents stream) throws HttpRefusal {
            body.add(piece);
        }

        @Override
        public void end(ServerStreamEvents stream) {
            stream.onMessage(body.take());
            stream.onEnd(null);
        }
    }
}
