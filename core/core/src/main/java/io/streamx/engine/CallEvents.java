package io.streamx.engine;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.CallListener.Summary;
import io.streamx.StreamingMode;
import io.streamx.wire.Logs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of a call what happens on it. A call without listeners has no such object, and pays nothing.
 * Listeners never run on an event loop: what an event loop learns is told on a virtual thread.
 */
public final class CallEvents {
    private static final Logger LOG = LoggerFactory.getLogger(CallListener.class);

    private static final int HEADER_CAME = 1;
    private static final int HEADER_TOLD = 1 << 1;
    private static final int FINISHED = 1 << 2;
    private static final int RELEASED = 1 << 3;

    private static final VarHandle STATE;
    private static final VarHandle WAITERS;
    private static final VarHandle MESSAGES_SENT;
    private static final VarHandle BYTES_SENT;
    private static final VarHandle MESSAGES_RECEIVED;
    private static final VarHandle BYTES_RECEIVED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(CallEvents.class, "state", int.class);
            WAITERS = lookup.findVarHandle(CallEvents.class, "waiters", CompletableFuture.class);
            MESSAGES_SENT = lookup.findVarHandle(CallEvents.class, "messagesSent", long.class);
            BYTES_SENT = lookup.findVarHandle(CallEvents.class, "bytesSent", long.class);
            MESSAGES_RECEIVED = lookup.findVarHandle(CallEvents.class, "messagesReceived", long.class);
            BYTES_RECEIVED = lookup.findVarHandle(CallEvents.class, "bytesReceived", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Who says that a call is over and that its user is done with it. */
    private enum Kind {
        /** The event loop learns the end of a stream at its client, and its user takes that end later. */
        CLIENT_STREAM,
        /** The thread that calls {@link #finished} says both at once. */
        ALL_AT_ONCE
    }

    private final List<CallListener> listeners;
    private final CallInfo call;
    private final Kind kind;

    private volatile int state;
    /** The header of a unary call, which its caller's thread tells of before it tells of the reply. */
    private volatile @Nullable Map<String, String> untoldHeader;
    /** Completed and forgotten at every change of {@link #state}; null while nobody waits for one. */
    @SuppressWarnings("UnusedVariable") // read and written by the handle
    private volatile @Nullable CompletableFuture<Void> waiters;

    // These are written through the handles.
    private volatile long messagesSent;
    private volatile long bytesSent;
    private volatile long messagesReceived;
    private volatile long bytesReceived;

    private CallEvents(List<CallListener> listeners, CallInfo call, Kind kind) {
        this.listeners = listeners;
        this.call = call;
        this.kind = kind;
    }

    /** The events of a stream at its client; null when nobody listens. */
    public static @Nullable CallEvents ofClientStream(List<CallListener> listeners, CallInfo call) {
        return listeners.isEmpty() ? null : new CallEvents(listeners, call, Kind.CLIENT_STREAM);
    }

    /** The events of a stream at its server, or of a unary call at either end; null when nobody listens. */
    public static @Nullable CallEvents of(List<CallListener> listeners, CallInfo call) {
        return listeners.isEmpty() ? null : new CallEvents(listeners, call, Kind.ALL_AT_ONCE);
    }

    /** Tells of a call that came to nothing but {@code failure}. Not for event loops. */
    public static void tellFailed(List<CallListener> listeners, CallInfo call, Throwable failure) {
        CallEvents events = of(listeners, call);
        if (events != null) {
            events.started();
            events.finished(null, failure);
        }
    }

    /** The call began. */
    public void started() {
        // This loop and those like it stand in the methods that are called for each call or message, because a lambda
        // and an iterator would be objects each time.
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onStart(call);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    /** The server's header came. The event loop calls this once. */
    void header(Map<String, String> entries) {
        STATE.getAndBitwiseOr(this, HEADER_CAME);
        if (kind == Kind.ALL_AT_ONCE) {
            untoldHeader = entries;
            return;
        }
        Thread.startVirtualThread(() -> {
            tell(listener -> listener.onHeader(call, entries));
            reached(HEADER_TOLD);
        });
    }

    /** Waits until the listeners know of the header that came, if one did. */
    void awaitHeader() {
        if ((state & (HEADER_CAME | HEADER_TOLD)) != HEADER_CAME) {
            return;
        }
        if (kind == Kind.CLIENT_STREAM) {
            await(HEADER_TOLD);
            return;
        }
        Map<String, String> entries = untoldHeader;
        if (entries != null) {
            untoldHeader = null;
            tell(listener -> listener.onHeader(call, entries));
            reached(HEADER_TOLD);
        }
    }

    /** A message came. The event loop calls this; listeners are told when the message is taken. */
    void arrived(long bytes) {
        MESSAGES_RECEIVED.getAndAdd(this, 1L);
        BYTES_RECEIVED.getAndAdd(this, bytes);
    }

    /** A message of which {@link #arrived} has been told was taken. */
    void received(long bytes) {
        awaitHeader();
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onReceive(call, bytes, null);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    /** The one message of a unary call was taken, of which nothing has been told yet. */
    public void arrivedAndReceived(long bytes) {
        arrived(bytes);
        received(bytes);
    }

    /** A message could not be taken. */
    public void receiveFailed(Throwable failure) {
        awaitHeader();
        tell(listener -> listener.onReceive(call, 0, failure));
    }

    /** A message was handed to the network or its queue. */
    public void sent(long bytes) {
        MESSAGES_SENT.getAndAdd(this, 1L);
        BYTES_SENT.getAndAdd(this, bytes);
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onSend(call, bytes, null);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    void sendFailed(Throwable failure) {
        tell(listener -> listener.onSend(call, 0, failure));
    }

    /** A thread that uses the stream begins to wait; on that thread. */
    void waits(CallListener.Wait wait) {
        if (!isStream()) {
            return;
        }
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onWait(call, wait);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    /** The wait is over; on the thread that waited. */
    void waited(CallListener.Wait wait, long nanos) {
        if (!isStream()) {
            return;
        }
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onWaitEnd(call, wait, nanos);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    /** A unary call on gRPC is a stream here and nowhere else. */
    private boolean isStream() {
        return call.mode() != StreamingMode.UNARY;
    }

    /** The user of a client's stream has forgotten it; {@code openedAt} is empty where that was not recorded. */
    void forgotten(List<StackTraceElement> openedAt) {
        tell(listener -> listener.onForgotten(call, openedAt));
    }

    /** The call is over: tells the listeners, on this thread. To be called once, and not on an event loop. */
    public void finished(@Nullable Map<String, String> trailer, @Nullable Throwable failure) {
        awaitHeader();
        Summary summary = new Summary(
                messagesSent,
                bytesSent,
                messagesReceived,
                bytesReceived,
                trailer == null || trailer.isEmpty() ? null : trailer,
                failure);
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onFinish(call, summary);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
        int before = reached(FINISHED);
        if (kind == Kind.ALL_AT_ONCE || (before & RELEASED) != 0) {
            tellDone();
        }
    }

    private void tellDone() {
        for (int i = 0; i < listeners.size(); i++) {
            CallListener listener = listeners.get(i);
            try {
                listener.onDone(call);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    /**
     * A stream is over: tells the listeners on another thread, for event loops, which must not call {@link #finished}.
     * A unary call is finished by its caller's thread, so this does nothing for it.
     */
    void finishedSoon(@Nullable Map<String, String> trailer, @Nullable Throwable failure) {
        if (kind == Kind.CLIENT_STREAM) {
            Thread.startVirtualThread(() -> finished(trailer, failure));
        }
    }

    /** Waits until the listeners know that the stream is over; a unary call is not over while its thread may wait. */
    void awaitFinished() {
        if (kind == Kind.CLIENT_STREAM) {
            await(FINISHED);
        }
    }

    /** The user of a client's stream has nothing more to expect of it. Repeating it does nothing. */
    void released() {
        if (kind != Kind.CLIENT_STREAM) {
            return;
        }
        int before = (int) STATE.getAndBitwiseOr(this, RELEASED);
        if ((before & (RELEASED | FINISHED)) == FINISHED) {
            tellDone();
        }
    }

    /** Sets {@code bit} and wakes whoever waits for it; returns the bits that were set before. */
    private int reached(int bit) {
        int before = (int) STATE.getAndBitwiseOr(this, bit);
        @SuppressWarnings("unchecked") // the type of the field
        CompletableFuture<Void> waiting = (CompletableFuture<Void>) WAITERS.getAndSet(this, null);
        if (waiting != null) {
            waiting.complete(null);
        }
        return before;
    }

    private void await(int bit) {
        while ((state & bit) == 0) {
            CompletableFuture<Void> next = waiters;
            if (next == null) {
                next = new CompletableFuture<>();
                if (!WAITERS.compareAndSet(this, null, next)) {
                    continue;
                }
            }
            // The bit is looked at again, because one that was set before the future could be seen has completed no
            // future.
            if ((state & bit) == 0) {
                next.join();
            }
        }
    }

    private void tell(Consumer<CallListener> event) {
        for (CallListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                failed(listener, e);
            }
        }
    }

    private void failed(CallListener listener, Throwable failure) {
        Logs.warn(LOG, "call listener {} failed on {}.{}", listener, call.service(), call.method(), failure);
    }
}
