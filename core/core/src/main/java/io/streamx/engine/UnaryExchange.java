package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.engine.flow.SendWindow;
import io.streamx.net.Inflating;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientStreamEvents;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.SizeGuess;
import io.streamx.wire.TimeLimit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A unary call of a client that travels as a stream of one message each way. Wire modules report to it what came, and the
 * caller's thread waits on it, so that a call costs one such object and none of what streams need to carry many messages:
 * no queues, windows and futures. What happens at each end of a call is what happens at that end of a stream
 * ({@code docs/architecture.md}, "Ends of a stream").
 *
 * <p>{@link #open} and {@link #await} belong to the caller's thread, all else to the event loop unless it says otherwise.
 *
 * @param <Res> the result
 */
public final class UnaryExchange<Res> extends ConnectionStream implements ClientStreamEvents, SilenceWatch.Waiting {
    /** Who makes a call, and within what bounds. */
    public interface Caller {
        /** The call as it is on its connection. */
        CallInfo call();

        /** The enclosing call, whose cancel ends this one. */
        CallContext parent();

        /** The longest that the call may take; null for no limit. */
        @Nullable
        TimeLimit limit();

        /** When the call was made, in the sense of {@link System#nanoTime}. */
        long beganNanos();

        /** The events of the call; null when nobody listens. */
        @Nullable
        CallEvents events();

        /** The errors raised at the calling end. */
        Failures failures();
    }

    /** How the call ended; a null failure is the clean end. */
    private record Outcome(@Nullable RpcException failure, Metadata trailer) {}

    private static final Outcome CLEAN = new Outcome(null, Metadata.EMPTY);
    /** {@link #parentRegistration} of a call that has ended. */
    private static final CallContext.Registration ENDED = () -> {};

    private static final VarHandle REPLY;
    private static final VarHandle OUTCOME;
    private static final VarHandle PARENT_REGISTRATION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REPLY = lookup.findVarHandle(UnaryExchange.class, "reply", InboundMessage.class);
            OUTCOME = lookup.findVarHandle(UnaryExchange.class, "outcome", Outcome.class);
            PARENT_REGISTRATION =
                    lookup.findVarHandle(UnaryExchange.class, "parentRegistration", CallContext.Registration.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ClientWire wire;
    private final MethodDescriptor<?, Res> method;
    private final Caller caller;
    private final ClientStreamCore core = new ClientStreamCore(new Effects());

    /** The reply that has come and that nobody has taken. */
    private volatile @Nullable InboundMessage reply;

    private volatile @Nullable Outcome outcome;
    /** Why the reply is not to be taken any more, whatever the outcome is. */
    private volatile @Nullable RpcException aborted;
    /** Whether nobody takes a reply that comes from now on. */
    private volatile boolean abandoned;

    private volatile boolean taken;
    private volatile @Nullable Thread waiter;
    private volatile Metadata header = Metadata.EMPTY;
    private volatile @Nullable ScheduledFuture<?> timer;

    @SuppressWarnings("unused") // through PARENT_REGISTRATION
    private volatile CallContext.@Nullable Registration parentRegistration;

    // Only the event loop writes the following fields. The cost of the reply is written before the reply can be seen.
    private int replyCost;
    private long left;
    private long takenAtLook;
    private int looksWithout;

    // Only the caller's thread uses the following fields.
    private boolean replied;
    private @Nullable Res result;
    /** The outcome that the reply tells of instead of a result. */
    private @Nullable RpcException toldByReply;

    private UnaryExchange(
            StreamConnection connection, ClientWire wire, MethodDescriptor<?, Res> method, Caller caller) {
        super(connection);
        this.wire = wire;
        this.method = method;
        this.caller = caller;
    }

    // ---- the caller's thread ----

    /**
     * Begins a call: its request is queued on return.
     *
     * @throws RuntimeException when the request cannot be encoded or is too large; nothing was begun then
     */
    public static <Req, Res> UnaryExchange<Res> open(
            StreamConnection connection,
            ClientWire wire,
            MethodDescriptor<Req, Res> method,
            Caller caller,
            Req request) {
        UnaryExchange<Res> exchange = new UnaryExchange<>(connection, wire, method, caller);
        OutboundMessage encoded = encode(connection.unaryRequests(), wire, method, request);
        int bytes = encoded.payloadBytes();
        exchange.begin(encoded);
        CallEvents told = caller.events();
        if (told != null) {
            told.sent(bytes);
        }
        exchange.follow();
        return exchange;
    }

    private static <Req> OutboundMessage encode(
            SizeGuess size, ClientWire wire, MethodDescriptor<Req, ?> method, Req request) {
        OutboundMessage message = new OutboundMessage(size.next());
        boolean complete = false;
        try {
            wire.begin(message);
            message.framed();
            method.requestCodec().encode(request, message);
            size.was(message.readableBytes());
            wire.complete(message);
            complete = true;
            return message;
        } finally {
            if (!complete) {
                message.release();
            }
        }
    }

    private void begin(OutboundMessage request) {
        request.freeze();
        long counted = SendWindow.countedByConnection(request.cost());
        if (counted != 0) {
            connection().sendBudget().take(counted);
        }
        if (!connection().outbound().offer(() -> openNow(request))) {
            // The event loop has ended, and the connection before it.
            RpcException lost = connection().lostBecause();
            end(new Outcome(lost != null ? lost : failures().canceled("client was closed"), Metadata.EMPTY));
        }
    }

    /** From now on the limit of time and the enclosing call may end the call. */
    private void follow() {
        TimeLimit limit = caller.limit();
        if (limit != null) {
            ScheduledFuture<?> scheduled = connection()
                    .schedule(
                            () -> giveUp(caller.failures().streamTimeout(limit, passed())),
                            limit.nanos() - passed().toNanos());
            timer = scheduled;
            if (scheduled != null && outcome != null) {
                scheduled.cancel(false);
            }
        }
        CallContext parent = caller.parent();
        CallContext.Registration handle = parent.onCancel(() -> {
            RpcException reason = parent.cancellation();
            if (reason != null) {
                giveUp(caller.failures().canceledByParent(reason));
            }
        });
        if (!PARENT_REGISTRATION.compareAndSet(this, null, handle)) {
            handle.close();
        }
    }

    private Duration passed() {
        return Duration.ofNanos(System.nanoTime() - caller.beganNanos());
    }

    /**
     * Waits until the call has ended. To be called once.
     *
     * @return the result; null for void
     * @throws RpcException how the call ended when it did not end well, and otherwise what the reply tells of instead of
     *     a result
     */
    public @Nullable Res await() {
        try {
            awaitEnd();
        } catch (RuntimeException | Error failure) {
            abandoned = true;
            dropReply();
            throw failure;
        }
        // How the call ended decides, whatever reply came before.
        if (!replied) {
            throw new RpcException(method + " ended well and without a reply (expected: one)");
        }
        if (toldByReply != null) {
            throw toldByReply;
        }
        return result;
    }

    private void awaitEnd() {
        while (true) {
            RpcException failure = aborted;
            if (failure != null) {
                throw failure.onThisThread();
            }
            Outcome ended = outcome; // read before the reply: a reply that came before the end is then seen
            InboundMessage message = takeReply();
            if (message != null) {
                replied = true;
                decode(message);
            } else if (ended == null) {
                awaitNews();
            } else if (ended.failure == null) {
                return;
            } else {
                throw ended.failure.onThisThread();
            }
        }
    }

    /** Waits for the reply or the end, and gives the call up when the thread is interrupted before either has come. */
    private void awaitNews() {
        waiter = Thread.currentThread();
        try {
            while (outcome == null && reply == null) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    if (outcome == null && reply == null) {
                        throw interrupted();
                    }
                }
            }
        } finally {
            waiter = null;
        }
    }

    private RpcException interrupted() {
        RpcException cancelled = caller.parent().cancellation();
        RpcException failure = cancelled != null
                ? caller.failures().canceledByParent(cancelled)
                : caller.failures().canceled("thread was interrupted in recv of " + method);
        return giveUpHere(failure);
    }

    /** Gives the call up; returns the failure that it ended with, for this thread to throw. */
    private RpcException giveUpHere(RpcException failure) {
        giveUp(failure);
        Outcome ended = outcome;
        return (ended == null || ended.failure == null ? failure : ended.failure).onThisThread();
    }

    private void decode(InboundMessage message) {
        int bytes = message.readableBytes();
        try {
            if (message.isCompressed()) {
                try (Inflating.Room room =
                        Inflating.shared().enter(bytes, connection().limits().maxMessageBytes())) {
                    decodePlain(decompressed(message));
                }
            } else {
                decodePlain(message);
            }
        } catch (RuntimeException | Error unreadable) {
            if (outcome == null) {
                giveUp(caller.failures().canceled(""));
            }
            throw unreadable;
        } finally {
            message.release();
        }
        CallEvents told = caller.events();
        if (told != null) {
            told.received(bytes);
        }
    }

    private void decodePlain(InboundMessage message) {
        try {
            result = method.resultCodec().decode(message);
        } catch (RpcException outcomeOfCall) {
            toldByReply = outcomeOfCall;
        }
    }

    private InboundMessage decompressed(InboundMessage message) {
        try {
            return wire.decompress(message);
        } catch (RpcException failure) {
            throw giveUpHere(failure);
        }
    }

    private @Nullable InboundMessage takeReply() {
        if (reply == null) {
            return null;
        }
        InboundMessage message = (InboundMessage) REPLY.getAndSet(this, null);
        if (message != null) {
            taken = true;
            connection().readBudget().taken(replyCost);
        }
        return message;
    }

    // ---- any thread ----

    private void dropReply() {
        InboundMessage message = takeReply();
        if (message != null) {
            message.release();
        }
    }

    /** Ends the call from this side: at once for its caller, who may have the reply still, as soon as may be on the wire. */
    private void giveUp(RpcException failure) {
        if (end(new Outcome(failure, Metadata.EMPTY))) {
            wakeReader();
            connection().execute(() -> {
                core.cancel(failure);
                connection().flush();
            });
        }
    }

    /** Settles how the call ends, unless that is settled. */
    private boolean end(Outcome how) {
        if (!OUTCOME.compareAndSet(this, null, how)) {
            return false;
        }
        CallContext.Registration registration = (CallContext.Registration) PARENT_REGISTRATION.getAndSet(this, ENDED);
        if (registration != null) {
            registration.close();
        }
        ScheduledFuture<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
        }
        return true;
    }

    /** The header as far as it has come; empty when none came. */
    public Metadata headerReceived() {
        return header;
    }

    /** The trailer; empty when the call has not ended or ended without one. */
    public Metadata trailerReceived() {
        Outcome ended = outcome;
        return ended == null ? Metadata.EMPTY : ended.trailer;
    }

    @Override
    public CallInfo call() {
        return caller.call();
    }

    @Override
    Failures failures() {
        return wire.failures();
    }

    @Override
    public boolean isAwaited() {
        return waiter != null;
    }

    @Override
    public @Nullable Thread waiter() {
        return waiter;
    }

    @Override
    public long takenCost() {
        return taken ? replyCost : 0;
    }

    @Override
    public long unread() {
        return reply == null ? 0 : replyCost;
    }

    @Override
    public long unreadBytes() {
        return unread();
    }

    // ---- event loop ----

    private void openNow(OutboundMessage request) {
        RpcException lost = connection().lostBecause();
        if (lost != null) {
            core.onConnectionLost(wire.connectionEnded(lost));
        } else {
            core.open();
        }
        connection().unreserve();
        core.send(request);
        core.closeSend();
    }

    @Override
    public boolean onHeader(Metadata entries) {
        return core.onHeader(entries);
    }

    @Override
    public void onMessage(InboundMessage message) {
        core.onMessage(message);
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length) {
        if (core.receives()) {
            queue(InboundMessage.copyOf(in, index, length));
        }
    }

    private void queue(InboundMessage message) {
        CallEvents told = caller.events();
        if (told != null) {
            told.arrived(message.readableBytes());
        }
        if (outcome != null || reply != null || taken) {
            message.release();
            return;
        }
        replyCost = message.capacity() + InboundMessage.OVERHEAD_BYTES;
        connection().readBudget().received(replyCost);
        reply = message;
        if (abandoned) {
            dropReply();
        }
        connection().wakeLater(this);
    }

    @Override
    public void onEnd(Metadata trailer, @Nullable RpcException failure) {
        core.onEnd(trailer, failure);
    }

    @Override
    public void onReset(RpcException failure) {
        core.onReset(failure);
    }

    @Override
    public void fail(RpcException failure) {
        core.cancel(failure);
    }

    @Override
    void onConnectionLost(RpcException failure) {
        core.onConnectionLost(wire.mayHaveLeft() ? failure : wire.connectionEnded(failure));
    }

    @Override
    void endStalled(RpcException failure) {
        giveUp(failure);
        // A call that had ended before loses only its reply.
        aborted = failure;
        dropReply();
        wakeReader();
    }

    @Override
    void giveBack(long bytes) {
        long before = left;
        left = before + bytes;
        long counted = SendWindow.countedByConnection(left) - SendWindow.countedByConnection(before);
        if (counted != 0) {
            connection().sendBudget().giveBack(counted);
        }
    }

    /** Says no: the caller's thread waits, and takes or drops the reply as soon as it runs. */
    @Override
    boolean mayStayUnread() {
        return false;
    }

    @Override
    void wakeReader() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Runs {@code step} at once: a wire that grants its peer more as messages are taken has nothing to grant to a call of one. */
    @Override
    public void whenTaken(Runnable step) {
        step.run();
    }

    /** Runs {@code step} at once: whoever has made the call waits for its reply. */
    @Override
    public void whenAwaited(Runnable step) {
        step.run();
    }

    @Override
    public boolean waitsSilently() {
        long nowTaken = takenCost();
        int before = nowTaken == takenAtLook ? looksWithout : 0;
        takenAtLook = nowTaken;
        looksWithout = isAwaited() ? before + 1 : 0;
        // The wait may have begun just before the first of these looks, so one more makes up the whole period.
        return looksWithout == SilenceWatch.LOOKS + 1 && caller.limit() == null;
    }

    private final class Effects implements ClientStreamCore.Effects {
        @Override
        public void writeOpen() {
            connection().attach(UnaryExchange.this);
            wire.writeOpen(UnaryExchange.this);
        }

        @Override
        public void writeMessage(OutboundMessage message) {
            wire.writeMessage(message);
        }

        @Override
        public void discard(OutboundMessage message) {
            int cost = message.cost();
            message.release();
            written(cost);
        }

        @Override
        public void writeEnd() {
            wire.writeEnd();
        }

        @Override
        public void writeReset(RpcException reason, boolean sendOpen) {
            wire.writeReset(reason, sendOpen);
        }

        @Override
        public void abandonSending() {
            wire.abandonSending();
        }

        @Override
        public void header(Metadata entries) {
            CallEvents told = caller.events();
            if (told != null) {
                told.header(entries.firstValues());
            }
            if (outcome == null) {
                header = entries;
            }
        }

        @Override
        public void deliver(InboundMessage message) {
            queue(message);
        }

        @Override
        public void discard(InboundMessage message) {
            message.release();
        }

        @Override
        public void finish(@Nullable Metadata trailer, @Nullable RpcException failure) {
            wire.forget();
            connection().detach(UnaryExchange.this);
            Metadata entries = trailer == null ? Metadata.EMPTY : trailer;
            end(failure == null && entries.isEmpty() ? CLEAN : new Outcome(failure, entries));
            if (!toBeWoken) {
                wakeReader();
            }
        }
    }
}
