package io.streamx.wire;

import io.netty.channel.Channel;
import io.streamx.service.MethodDescriptor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Unary calls of a client on one carrier. */
public interface UnaryProtocol {
    /** Makes a connected channel speak this protocol, for one call after another. On the event loop. */
    Connection connect(Channel channel, Limits limits, String clientName);

    /** Whether the carrier has room for telling replies apart, so that {@link #connectShared} works. */
    boolean isShareable();

    /**
     * Makes a connected channel speak this protocol, for any number of calls at once, whose replies may come in any
     * order. On the event loop.
     *
     * @throws IllegalStateException when the carrier is not shareable
     */
    Connection connectShared(Channel channel, Limits limits, String clientName);

    /** One connection. */
    interface Connection {
        /** The channel underneath. */
        Channel channel();

        /** Whether this connection takes another call. Any thread. */
        boolean isUsable();

        /** How many calls run on this connection now. On the event loop. */
        int activeCalls();

        /**
         * Makes a call. The request is encoded on this thread, and what is wrong with it is thrown before anything was
         * sent; the connection is then as before. The future is completed on the event loop: for a oneway method when
         * the request has been sent, else with the reply. It fails with {@link NotSentException} when the connection
         * ended before the request had left, and with another exception when the peer may have it.
         *
         * @throws RuntimeException when the request cannot be encoded, or is larger than the limits allow
         */
        <Req, Res> Pending<Res> call(MethodDescriptor<Req, Res> method, Req request, Head head);

        /**
         * Gives up a call that nobody waits for any more, or that ended in a way after which the server may have
         * closed. The connection is closed unless other calls share it. Any thread.
         */
        void abandon(CompletableFuture<? extends Reply<?>> reply);

        /** Takes no more calls, and closes the connection when the running ones have ended. On the event loop. */
        void retire();

        /** Shows each call whose reply has not come. On the event loop. */
        void forEachCall(Consumer<Pending<?>> look);

        /**
         * What may be wrong where this peer, which has not answered on this connection, stays silent: text behind another,
         * empty for nothing. Any thread.
         */
        String hintForSilence();
    }

    /** A call whose request is on its way. */
    abstract class Pending<Res> extends CompletableFuture<Reply<Res>> {
        private volatile @Nullable Thread waiting;
        /** On the event loop. */
        private int looks;

        /** The method that was called. */
        public abstract MethodDescriptor<?, Res> method();

        /** The size of the encoded arguments, without the envelope. */
        public abstract int requestBytes();

        /** This thread waits for the reply, and has no limit of time. */
        public final void awaitedWithoutLimit() {
            waiting = Thread.currentThread();
        }

        /**
         * To be asked time and again while there is no reply: once, at the look after {@code often} others, the thread that
         * waits without a limit; null at other times and where there is none. On the event loop.
         */
        public final @Nullable Thread foundWaiting(int often) {
            Thread thread = waiting;
            return thread != null && looks++ == often ? thread : null;
        }
    }

    /**
     * What goes with a request where the carrier has room for it.
     *
     * @param to the name of the called service
     * @param persistents metainfo for the whole chain of calls
     * @param transients metainfo for the next hop
     * @param timeout what the caller allows; null for no limit
     * @param connectTimeout for a proxy that connects on the caller's behalf; null leaves the proxy its own
     */
    record Head(
            String to,
            Map<String, String> persistents,
            Map<String, String> transients,
            @Nullable Duration timeout,
            @Nullable Duration connectTimeout) {}

    /**
     * What came back, for the thread that waits for it to decode. A reply holds nothing that needs to be released, so
     * one that nobody waits for any more may be dropped.
     */
    interface Reply<Res> {
        /**
         * The result; null for void and oneway.
         *
         * @throws io.streamx.DeclaredException and io.streamx.BizStatusException as the handler threw them
         * @throws io.streamx.ApplicationException when the peer could not run the call, or answered another one
         */
        @Nullable
        Res decode();

        /** The size of the encoded result or exception, without the envelope; 0 for oneway. */
        int payloadBytes();

        /** The entries that came with the reply; empty where the carrier has no room for entries. */
        Map<String, String> entries();
    }
}
