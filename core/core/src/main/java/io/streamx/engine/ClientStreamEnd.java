package io.streamx.engine;

import io.streamx.CallContext;
import io.streamx.Metadata;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientWire;
import io.streamx.wire.TimeLimit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How a client's stream ends, and what follows of that. The connection, the timers and the enclosing call hold this object,
 * while the user holds the {@link BlockingClientStream}, to which nothing here refers: so a stream that its user has
 * forgotten becomes unreachable, and is found. Safe from any thread.
 */
final class ClientStreamEnd implements ClientExchange.Listener {
    /** How the stream ended, and whether the peer ended it with a trailer; a null failure is the clean end. */
    private record Outcome(@Nullable RpcException failure, boolean fromPeer) {}

    /** For {@link #parentRegistration}: a named type for the parent's handle. */
    private record Registration(CallContext.Registration handle) {}

    private static final Outcome CLEAN = new Outcome(null, true);
    private static final Registration ENDED = new Registration(() -> {});

    private final BlockingClientStream.Settings settings;
    private final @Nullable CallEvents events;
    private final ClientExchange exchange;
    private final ClientStreamTimers timers;
    private final CompletableFuture<Metadata> header = new CompletableFuture<>();
    private final CompletableFuture<Metadata> trailer = new CompletableFuture<>();
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private final AtomicReference<@Nullable Registration> parentRegistration = new AtomicReference<>();

    /** Made when somebody first asks to be told that the server leaves. */
    private @Nullable DrainingListeners drainingListeners;

    private volatile boolean sendClosed;
    private volatile boolean replied;

    /** Held here, because a reference tells of a lost object only while it is reachable itself. */
    private ForgottenStreams.@Nullable Watch watch;

    ClientStreamEnd(StreamConnection connection, ClientWire wire, BlockingClientStream.Settings settings) {
        this.settings = settings;
        events = settings.events();
        exchange = new ClientExchange(connection, settings.call(), wire, this);
        exchange.observedBy(events);
        timers = new ClientStreamTimers(exchange, settings, this::failAfterMessages);
    }

    ClientExchange exchange() {
        return exchange;
    }

    /** Gives the stream up should its user forget it. Before the stream is opened. */
    void watchFor(BlockingClientStream<?, ?> stream) {
        watch = ForgottenStreams.watch(stream, this, settings);
    }

    /** The stream's opening is queued: its limit of time and its enclosing call count from now on. */
    void opened() {
        TimeLimit timeout = settings.timeout();
        if (timeout != null) {
            timers.startTotal(timeout);
        }
        CallContext parent = settings.parent();
        CallContext.Registration handle = parent.onCancel(() -> {
            RpcException reason = parent.cancellation();
            if (reason != null) {
                failAfterMessages(settings.failures().canceledByParent(reason));
            }
        });
        if (!parentRegistration.compareAndSet(null, new Registration(handle))) {
            handle.close();
        }
    }

    // ---- what is known of the end ----

    /** Whether the stream has ended in any way. */
    boolean isKnown() {
        return outcome.get() != null;
    }

    /** Whether the peer has ended the stream, well or with an error of its own. */
    boolean isFromPeer() {
        Outcome ended = outcome.get();
        return ended != null && ended.fromPeer;
    }

    /** Whether it has ended well. */
    boolean isClean() {
        Outcome ended = outcome.get();
        return ended != null && ended.failure == null;
    }

    /** The failure that the stream ended with, for this thread to throw, or else {@code other}. */
    RpcException failureOr(RpcException other) {
        Outcome ended = outcome.get();
        return (ended == null || ended.failure == null ? other : ended.failure).onThisThread();
    }

    /** Throws the failure that the stream ended with, if it did. */
    void throwFailure() {
        Outcome ended = outcome.get();
        if (ended != null && ended.failure != null) {
            throw ended.failure.onThisThread();
        }
    }

    /** The user sends nothing more; false when that was known before. */
    boolean closeSend() {
        boolean first = !sendClosed;
        sendClosed = true;
        return first;
    }

    boolean isSendClosed() {
        return sendClosed;
    }

    /** The user has the one reply, and with it all that it wants of the stream. */
    void replied() {
        replied = true;
    }

    boolean isReplied() {
        return replied;
    }

    CompletableFuture<Metadata> header() {
        return header;
    }

    CompletableFuture<Metadata> trailer() {
        return trailer;
    }

    /** Who is to be told when the server leaves. */
    synchronized DrainingListeners drainingListeners() {
        DrainingListeners known = drainingListeners;
        if (known == null) {
            known = new DrainingListeners(this);
            drainingListeners = known;
        }
        return known;
    }

    // ---- limits of recv ----

    /** Begins to watch the limit of each recv, unless that was begun before. */
    void limitRecv(RecvTimeout timeout) {
        if (!timers.isRecvStarted()) {
            timers.startRecv(timeout);
        }
    }

    /** What a recv that took too long throws. */
    RpcException recvTimedOut(RecvTimeout timeout) {
        return timers.recvTimedOut(timeout);
    }

    // ---- ending ----

    /** Ends the stream because its user has no use for what came: messages not yet taken are dropped. */
    void fail(RpcException failure) {
        end(failure, failure, true);
    }

    /** The user has closed the stream by itself at {@code place}; the peer is told in the words that it knows. */
    void closeHere(String place) {
        end(settings.failures().closedHere(place), settings.failures().canceled(""), true);
    }

    /**
     * Gives the stream up because this thread was interrupted while it waited; the thread stays interrupted. Where the
     * enclosing call was cancelled, that is the reason: the interrupt comes from that cancel, and may arrive before it.
     *
     * @return what the wait is to throw
     */
    RpcException interrupted(String what, MethodDescriptor<?, ?> method) {
        RpcException cancelled = settings.parent().cancellation();
        RpcException failure = cancelled != null
                ? settings.failures().canceledByParent(cancelled)
                : settings.failures().canceled("thread was interrupted in " + what + " of " + method);
        fail(failure);
        Thread.currentThread().interrupt();
        return failureOr(failure);
    }

    /** Ends the stream for a reason its user did not choose: recv gives what has come, then the failure. */
    private void failAfterMessages(RpcException failure) {
        end(failure, failure, false);
    }

    /** Ends the stream from this side: at once for all its users, as soon as may be on the wire. */
    private void end(RpcException failure, RpcException toldToPeer, boolean dropsMessages) {
        if (!outcome.compareAndSet(null, new Outcome(failure, false))) {
            return;
        }
        if (events != null) {
            events.finishedSoon(null, failure);
        }
        if (dropsMessages) {
            exchange.inbound().abort(failure);
        } else {
            exchange.inbound().end(failure);
        }
        exchange.window().close();
        header.completeExceptionally(failure);
        trailer.completeExceptionally(failure);
        release();
        exchange.cancel(toldToPeer);
    }

    /** The user wants nothing more of the stream, however it ended. */
    void letGo() {
        ForgottenStreams.Watch kept = watch;
        if (kept != null) {
            kept.clear();
        }
        if (events != null) {
            events.released();
        }
        // What came before the end and was not taken would hold up the connection.
        exchange.inbound().close();
    }

    @Override
    public boolean waitsInVain() {
        boolean limited = settings.timeout() != null || settings.recvTimeout() != null;
        return !limited
                && switch (settings.call().mode()) {
                    case UNARY, CLIENT -> true;
                    case BIDIRECTIONAL -> !sendClosed;
                    // It may rightly be silent for as long as it likes.
                    case SERVER -> false;
                };
    }

    private void release() {
        Registration registration = parentRegistration.getAndSet(ENDED);
        if (registration != null) {
            registration.handle.close();
        }
        timers.stop();
    }

    // ---- event loop ----

    @Override
    public void onHeader(Metadata entries) {
        if (events != null) {
            events.header(entries.firstValues());
        }
        header.complete(entries);
    }

    @Override
    public void onStalled(RpcException failure) {
        fail(failure);
    }

    @Override
    public void onFinish(@Nullable Metadata entries, @Nullable RpcException failure) {
        if (!outcome.compareAndSet(null, failure == null ? CLEAN : new Outcome(failure, entries != null))) {
            return;
        }
        if (entries == null && failure != null) {
            header.completeExceptionally(failure);
            trailer.completeExceptionally(failure);
        } else {
            header.complete(Metadata.EMPTY);
            trailer.complete(entries == null ? Metadata.EMPTY : entries);
        }
        if (events != null) {
            events.finishedSoon(entries == null ? null : entries.firstValues(), failure);
        }
        release();
    }
}
