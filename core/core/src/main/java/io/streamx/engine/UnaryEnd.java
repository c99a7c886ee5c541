package io.streamx.engine;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.wire.TimeLimit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * How a unary call of a client ends, and what follows of that: by its peer, its connection, its limit of time, its enclosing
 * call, or an interrupt of the thread that waits. This is the superclass of {@link UnaryExchange} and no object of its own,
 * because calls are many. Safe from any thread.
 */
abstract sealed class UnaryEnd extends ReplySlot permits UnaryExchange {
    /** How the call ended; a null failure is the clean end. */
    record Outcome(@Nullable RpcException failure, Metadata trailer) {}

    private static final Outcome CLEAN = new Outcome(null, Metadata.EMPTY);
    /** {@link #parentRegistration} of a call that has ended. */
    private static final CallContext.Registration ENDED = () -> {};

    private static final VarHandle OUTCOME;
    private static final VarHandle PARENT_REGISTRATION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OUTCOME = lookup.findVarHandle(UnaryEnd.class, "outcome", Outcome.class);
            PARENT_REGISTRATION =
                    lookup.findVarHandle(UnaryEnd.class, "parentRegistration", CallContext.Registration.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final UnaryExchange.Caller caller;

    private volatile @Nullable Outcome outcome;
    /** Why the reply is not to be taken any more, whatever the outcome is. */
    private volatile @Nullable RpcException aborted;

    private volatile @Nullable Future<?> timer;

    @SuppressWarnings("unused") // through PARENT_REGISTRATION
    private volatile CallContext.@Nullable Registration parentRegistration;

    UnaryEnd(StreamConnection connection, UnaryExchange.Caller caller) {
        super(connection);
        this.caller = caller;
    }

    /** Tells the peer, as soon as may be, that the call was given up. Any thread. */
    abstract void cancelSoon(RpcException failure);

    /** Who makes the call, and within what bounds. */
    final UnaryExchange.Caller caller() {
        return caller;
    }

    /** How the call has ended; null while it has not. */
    final @Nullable Outcome outcome() {
        return outcome;
    }

    @Override
    final boolean hasEnded() {
        return outcome != null;
    }

    /** The trailer; empty when the call has not ended or ended without one. */
    public final Metadata trailerReceived() {
        Outcome ended = outcome;
        return ended == null ? Metadata.EMPTY : ended.trailer;
    }

    /** Which call this is. */
    public final CallInfo call() {
        return caller.call();
    }

    /** Throws why the reply is not to be taken any more, if there is a reason. */
    final void checkNotAborted() {
        RpcException failure = aborted;
        if (failure != null) {
            throw failure.onThisThread();
        }
    }

    /** From now on the limit of time and the enclosing call may end the call. */
    final void follow() {
        TimeLimit limit = caller.limit();
        if (limit != null) {
            Future<?> scheduled = connection()
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
        return Duration.ofNanos(connection().time().nanoTime() - caller.beganNanos());
    }

    /** Ends the call from this side: at once for its caller, who may have the reply still, as soon as may be on the wire. */
    final void giveUp(RpcException failure) {
        if (end(failure, Metadata.EMPTY)) {
            wakeReader();
            cancelSoon(failure);
        }
    }

    /** Gives the call up; returns the failure that it ended with, for this thread to throw. */
    final RpcException giveUpHere(RpcException failure) {
        giveUp(failure);
        Outcome ended = outcome;
        return (ended == null || ended.failure == null ? failure : ended.failure).onThisThread();
    }

    /** Gives the call up, whose thread was interrupted before the reply or the end had come. */
    final RpcException interrupted(Object method) {
        RpcException cancelled = caller.parent().cancellation();
        return giveUpHere(
                cancelled != null
                        ? caller.failures().canceledByParent(cancelled)
                        : caller.failures().canceled("thread was interrupted in recv of " + method));
    }

    /**
     * Settles how the call ends, unless that is settled.
     *
     * @param failure null for the clean end
     */
    final boolean end(@Nullable RpcException failure, Metadata trailer) {
        Outcome how = failure == null && trailer.isEmpty() ? CLEAN : new Outcome(failure, trailer);
        if (!OUTCOME.compareAndSet(this, null, how)) {
            return false;
        }
        CallContext.Registration registration = (CallContext.Registration) PARENT_REGISTRATION.getAndSet(this, ENDED);
        if (registration != null) {
            registration.close();
        }
        Future<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
        }
        return true;
    }

    @Override
    final void endStalled(RpcException failure) {
        giveUp(failure);
        // A call that had ended before loses only its reply.
        aborted = failure;
        dropReply();
        wakeReader();
    }
}
