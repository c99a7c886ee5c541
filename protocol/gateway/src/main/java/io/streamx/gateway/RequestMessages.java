package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.InboundMessage;
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
        GOES_ON;

        /**
         * Begins, goes on with or ends the time of the message that is not whole.
         *
         * @param count how many bytes have come
         * @param isAwaited whether anybody waits for the message
         */
        void time(ReadTimeout timeout, int count, boolean isAwaited) {
            if (this != GOES_ON) {
                timeout.messageEnded();
            }
            if (this != WHOLE && isAwaited) {
                // Bytes of whole messages that came with the beginning of the next one give the next one no time.
                timeout.received(this == BEGUN ? 0 : count, true);
            }
        }
    }

    /** Whether messages may come one after the other, with as much time between them as their sender likes. */
    boolean isStream();

    /** What the latest piece has left. Asked of a stream alone, where a message that has begun is given limited time. */
    default Progress progress() {
        return Progress.WHOLE;
    }

    /** How much memory is held of messages that have not been handed on. */
    default int heldBytes() {
        return 0;
    }

    /**
     * How many bytes are missing of the message that has begun, or the most that may come of it where nobody knows; 0 where
     * none has begun.
     */
    default int missingBytes() {
        return 0;
    }

    /** How many bytes of messages have been handed on, in all. */
    default long handedOnBytes() {
        return 0;
    }

    /** A piece of the body, which the caller keeps owning. */
    void add(ByteBuf piece, ServerStreamEvents stream) throws HttpRefusal;

    /** The body is whole. */
    void end(ServerStreamEvents stream) throws HttpRefusal;

    /**
     * Gives up what is held of messages that have not been handed on, because nobody wants them any more. Nothing is added behind
     * this.
     */
    default void drop() {}

    /** The whole body is the one message. */
    final class One implements RequestMessages {
        private final RequestBody body;
        private long handedOn;

        One(int maxBytes, long announcedBytes) {
            body = new RequestBody(maxBytes, announcedBytes);
        }

        @Override
        public int heldBytes() {
            return body.heldBytes();
        }

        @Override
        public int missingBytes() {
            return body.missingBytes();
        }

        @Override
        public long handedOnBytes() {
            return handedOn;
        }

        @Override
        public void drop() {
            body.drop();
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
            InboundMessage whole = body.take();
            handedOn += whole.readableBytes();
            stream.onMessage(whole);
            stream.onEnd(null);
        }
    }
}
