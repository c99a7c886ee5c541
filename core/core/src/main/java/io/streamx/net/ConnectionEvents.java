package io.streamx.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import io.streamx.jfr.ConnectionRecords;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of connections that are made and end: listeners, and the recording of the JDK's Flight Recorder where one runs. Both are
 * told on virtual threads: on JDK 25 the first event that an event loop writes into a recording, after a virtual thread that the loop
 * schedules has written one, is lost (docs/observability.md "Flight Recorder"). Safe from any thread.
 */
public final class ConnectionEvents {
    /** The reason of a connection that has carried nothing for its idle timeout. */
    public static final String IDLE = "it was idle";
    /** The reason of a connection that its client closes by itself. */
    public static final String NOT_NEEDED = "the client needs it no more";

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionListener.class);
    private static final AttributeKey<String> REASON = AttributeKey.valueOf(ConnectionEvents.class, "reason");
    private static final AttributeKey<Queues> QUEUES = AttributeKey.valueOf(ConnectionEvents.class, "queues");
    private static final Executor TELLERS = Thread::startVirtualThread;

    private ConnectionEvents() {}

    /** What waits on a connection. Any thread. */
    public interface Queues {
        /** Bytes that wait to be sent. */
        long unsentBytes();

        /** Bytes that came and were not taken. */
        long unreadBytes();
    }

    /** Tells of what waits on a connection that carries streams; of any other one the bytes that its socket does not take. */
    public static void queues(Channel channel, Queues queues) {
        channel.attr(QUEUES).set(queues);
    }

    /** Notes why a connection is about to end, or has just ended. The first reason stays. */
    public static void closedBecause(Channel channel, String reason) {
        channel.attr(REASON).setIfAbsent(reason);
    }

    /**
     * Tells that a connection was made, and will tell of its end. {@code service} and {@code instance} are empty at a
     * server.
     */
    public static void follow(
            Channel channel,
            ConnectionInfo.Side side,
            String service,
            String instance,
            List<ConnectionListener> listeners) {
        Followed connection = new Followed(channel, side, service, instance);
        CompletableFuture<Void> opened = listeners.isEmpty() && !ConnectionRecords.areOpeningsRecorded()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        () -> {
                            ConnectionRecords.opened(connection);
                            tell(listeners, listener -> listener.onOpen(connection));
                        },
                        TELLERS);
        channel.closeFuture()
                .addListener(closed -> whenHandlersKnow(channel, () -> ended(channel, connection, listeners, opened)));
    }

    /**
     * Runs {@code step} when the handlers of a closed channel have heard of the end, since one of them may know the reason.
     * Netty tells them in a task of the event loop that it queues after it has completed the close future.
     */
    private static void whenHandlersKnow(Channel channel, Runnable step) {
        onLoop(channel, () -> onLoop(channel, step));
    }

    /** Runs {@code step} as a task of the event loop, or here when that has ended. */
    private static void onLoop(Channel channel, Runnable step) {
        try {
            channel.eventLoop().execute(step);
        } catch (RejectedExecutionException loopHasEnded) {
            step.run();
        }
    }

    private static void ended(
            Channel channel, Followed connection, List<ConnectionListener> listeners, CompletableFuture<Void> opened) {
        String noted = channel.attr(REASON).get();
        String reason = noted == null ? "the peer closed it" : noted;
        if (!listeners.isEmpty() || ConnectionRecords.areEndsRecorded()) {
            opened.thenRunAsync(
                    () -> {
                        ConnectionRecords.closed(connection, reason);
                        tell(listeners, listener -> listener.onClose(connection, reason));
                    },
                    TELLERS);
        }
    }

    private static void tell(List<ConnectionListener> listeners, Consumer<ConnectionListener> event) {
        for (ConnectionListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                LOG.warn("connection listener {} failed", listener, e);
            }
        }
    }

    /** No record, because two connections are never the same one. */
    private static final class Followed implements ConnectionInfo {
        private final Channel channel;
        private final Side side;
        private final String service;
        private final String instance;
        private final @Nullable SocketAddress localAddress;
        private final @Nullable SocketAddress remoteAddress;
        private final Instant openedAt = Instant.now();

        Followed(Channel channel, Side side, String service, String instance) {
            this.channel = channel;
            this.side = side;
            this.service = service;
            this.instance = instance;
            localAddress = channel.localAddress();
            remoteAddress = channel.remoteAddress();
        }

        @Override
        public Side side() {
            return side;
        }

        @Override
        public String service() {
            return service;
        }

        @Override
        public String instance() {
            return instance;
        }

        @Override
        public @Nullable SocketAddress localAddress() {
            return localAddress;
        }

        @Override
        public @Nullable SocketAddress remoteAddress() {
            return remoteAddress;
        }

        @Override
        public Instant openedAt() {
            return openedAt;
        }

        @Override
        public long unsentBytes() {
            Queues queues = channel.attr(QUEUES).get();
            if (!channel.isOpen()) {
                return 0;
            }
            if (queues != null) {
                return queues.unsentBytes();
            }
            ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
            return waiting == null ? 0 : waiting.totalPendingWriteBytes() + PacedWrites.keptBytes(channel);
        }

        @Override
        public long unreadBytes() {
            Queues queues = channel.attr(QUEUES).get();
            return queues == null || !channel.isOpen() ? 0 : queues.unreadBytes();
        }
    }
}
