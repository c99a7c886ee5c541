package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.streamx.RpcException;
import io.streamx.net.FrameCutter;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The bytes of a server's connection that have been read and may not yet be looked at. They wait as they came, and the
 * channel is not read until they have been looked at. A message that has begun is to be whole within a time. On the event
 * loop.
 */
final class UnreadRequests {
    /** What the bytes belong to. */
    interface Connection extends MessageFraming.Receiver {
        /** Whether what comes is dropped. */
        boolean isEnded();

        /** Whether the peer has closed the connection, or it broke. */
        boolean isGone();

        /** The bytes are no requests: closes the connection. */
        void refuse(String what);

        /** A message has begun and was not whole in time; {@code begun} shows its first bytes and may be empty. */
        void cutOff(String begun);
    }

    private final Channel channel;
    private final Connection connection;
    private final MessageFraming framing;
    private final FrameCutter cutter;
    private final ReadTimeout readTimeout;
    private final Queue<ByteBuf> unread = new ArrayDeque<>(2);

    /** {@code maxTime} is how long a message may take from its first byte to its last; a large message has more time. */
    UnreadRequests(Channel channel, Connection connection, MessageFraming framing, Duration maxTime) {
        this.channel = channel;
        this.connection = connection;
        this.framing = framing;
        cutter = new FrameCutter(framing);
        readTimeout = new ReadTimeout(
                channel.eventLoop(), maxTime, TimeSource.of(channel), () -> connection.cutOff(cutter.begunFrame()));
    }

    /** Bytes have been read. Takes ownership. */
    void add(ByteBuf bytes) {
        unread.add(bytes);
        lookOn();
    }

    /** Looks at what has been read, as far as it may be looked at. */
    void lookOn() {
        while (!unread.isEmpty()) {
            ByteBuf in = unread.element();
            if (!connection.isEnded()) {
                cut(in);
            }
            if (connection.isEnded()) {
                in.skipBytes(in.readableBytes());
            }
            if (in.isReadable()) {
                break;
            }
            unread.remove();
            in.release();
        }
        boolean paused = !unread.isEmpty();
        if (!connection.isGone() && channel.config().isAutoRead() == paused) {
            channel.config().setAutoRead(!paused);
        }
    }

    private void cut(ByteBuf in) {
        int before = in.readableBytes();
        try {
            cutter.feed(in);
        } catch (RpcException malformed) {
            connection.refuse(String.valueOf(malformed.getMessage()));
        }
        readTimeout.received(before - in.readableBytes(), isWithinMessage());
    }

    /** A message has come whole. */
    void messageEnded() {
        readTimeout.messageEnded();
    }

    /** The peer sends nothing more: the rest of a message that has begun does not come. */
    void peerEnded() {
        lookOn();
        if (unread.isEmpty()) {
            readTimeout.messageEnded();
        }
    }

    /** Whether a message has begun and is not whole. */
    boolean isWithinMessage() {
        return cutter.isWithinFrame() || framing.isBehindMeshHeader();
    }

    /** Whether all that has been read was looked at. */
    boolean isEmpty() {
        return unread.isEmpty();
    }
}
