package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.ServerStreamEvents;

/** Makes messages of the body of a request. On the event loop. */
interface RequestMessages {
    /** Whether messages may come one after the other, as slowly as their sender likes. */
    boolean isStream();

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
