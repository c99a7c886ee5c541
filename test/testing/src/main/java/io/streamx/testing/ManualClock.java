package io.streamx.testing;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.net.EventLoops;
import io.streamx.server.Server;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test turns it, so that limits of hours pass in no time and limits of milliseconds never pass
 * by accident:
 *
 * <pre>{@code
 * ManualClock clock = new ManualClock();
 *
 * @RegisterExtension
 * StreamXServer server = StreamXServer.of(Chat.bind(handler)).withClock(clock);
 *
 * CompletableFuture<Token> reply = CompletableFuture.supplyAsync(stream::recv);   // a recv timeout of an hour
 * clock.advanceUntil(reply, Duration.ofHours(1));                                 // it has failed
 * }</pre>
 *
 * <p>It is an {@link Extension}: {@code builder.install(clock)} at either end, or at both. By it go the limits of calls,
 * streams, recvs, sends and idle streams, deadlines and {@code CallContext.remaining()}, the limits of connecting and of
 * waiting for a connection, the idle timeout and read timeout of connections (those of the gateway to HTTP too), and gRPC's
 * keepalive and age of connections. By the system's time go graceful ends and shutdown windows, whose waiting caller turns no
 * clock; the stall timeout and all else that serves the flow of bytes; warnings in the log; credentials, pauses before retries
 * and all of streamx-resilience; TLS handshakes of servers; the choice among instances; and the heartbeats of the gateway.
 *
 * <p><b>What is certain.</b> When {@link #advance} returns, everything due up to then has run on its event loop, in the order
 * in which it was due, at the time when it was due (so a timer that arms itself anew in those is run again). Before the
 * first of these, all tasks that event loops had then have run, so that what was begun before is known to the clock, provided
 * that it had come to an event loop: a call made on another thread is certain to be known when {@link #awaitTimer} or {@link
 * #awaitTimers} has returned. What follows of a timer outside of its event loop, the waking of threads and the frames that a
 * peer receives, goes on by itself afterwards: wait for that by what it brings.
 *
 * <p><b>What is due at one instant.</b> First the waits of threads end, then the timers of event loops run, and among either
 * what was armed first. So where one clock measures both ends of a unary call with a limit on TTHeader, the caller is told that
 * its time is over before its handler is interrupted, as it happens by the system's time, by which the caller began to count
 * first. A reply that the interrupted handler makes all the same comes too late then. That needs the caller to wait already:
 * {@code awaitTimers(2, limit)} says so of the caller and its handler.
 *
 * <p>Safe from any thread; two threads that advance take turns. It needs no closing.
 */
public final class ManualClock extends TimeSource implements Extension {
    /** How long, of the system's time, a timer or an event loop is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long the outcome of a turn is waited for before the next turn. */
    private static final long LOOK_MILLIS = 50;

    /** Not zero, which the engine takes for no time at all and moves by a nanosecond, so that limits would pass that much late. */
    private static final long BEGIN = 1;

    private final Object turning = new Object();
    private final Queue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong((Timer timer) -> timer.due)
            .thenComparing(timer -> timer.loop != null)
            .thenComparingLong(timer -> timer.number));
    // Guarded by the queue, as the queue is.
    private long now = BEGIN;
    private long armed;

    /** A clock that stands still, until it is turned. */
    public ManualClock() {
        // A new clock has no timers.
    }

    /** What runs when the clock comes to {@code due}: on an event loop, or for a thread that waits where {@code loop} is null. */
    private final class Timer extends FutureTask<@Nullable Void> {
        private final @Nullable EventLoop loop;
        private final long due;
        private final long number;

        Timer(@Nullable EventLoop loop, Runnable task, long due, long number) {
            super(task, null);
            this.loop = loop;
            this.due = due;
            this.number = number;
        }

        @Override
        protected void done() {
            synchronized (timers) {
                timers.remove(this);
            }
        }
    }

    @Override
    public void installInto(Client.Builder builder) {
        builder.timeSource(this);
    }

    @Override
    public void installInto(Server.Builder builder) {
        builder.timeSource(this);
    }

    // ---- for tests ----

    /** How far the clock has been turned in all. */
    public Duration elapsed() {
        return Duration.ofNanos(nanoTime() - BEGIN);
    }

    /**
     * Turns the clock on. The class comment says what has happened when this returns. Not for event loops.
     *
     * @throws IllegalArgumentException for a negative time
     * @throws IllegalStateException when an event loop is not done with its tasks within 10 s of the system's time
     */
    public void advance(Duration time) {
        if (Objects.requireNonNull(time, "time").isNegative()) {
            throw new IllegalArgumentException(
                    "time: " + time + " (expected: not negative, as clocks do not run back)");
        }
        synchronized (turning) {
            letLoopsFinish();
            long end = Math.addExact(nanoTime(), time.toNanos());
            Timer next = nextUntil(end);
            while (next != null) {
                run(next);
                letLoopsFinish();
                next = nextUntil(end);
            }
        }
    }

    /**
     * Turns the clock on by {@code step}, once and as often again as it takes until {@code call} is done. For calls of which only
     * the outcome counts, as it does not matter here whether the call had begun to wait before the clock was turned.
     *
     * @throws AssertionError when the call is not done after 10 s of the system's time
     */
    public void advanceUntil(Future<?> call, Duration step) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        do {
            advance(step);
            try {
                call.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException | CancellationException over) {
                return;
            } catch (TimeoutException notYet) {
                // The call may still be finishing because of the turn, so that its outcome is waited for a moment
                // longer.
            }
        } while (System.nanoTime() - until < 0);
        throw new AssertionError("the call is not done, though the clock was turned to " + elapsed() + " in steps of "
                + step + " (expected: done within " + PATIENCE.toSeconds() + " s)");
    }

    /**
     * Waits until something is armed that is due in exactly {@code time} from now: the call with that timeout has been made, or the
     * first recv of a stream with that limit is about to wait. (That its thread waits already is not certain: see {@link
     * #advanceUntil}.)
     *
     * @throws AssertionError when nothing is after 10 s of the system's time, with when all that is armed is due
     */
    public void awaitTimer(Duration time) throws InterruptedException {
        awaitTimers(1, time);
    }

    /**
     * Waits until {@code count} timers or more are armed that are due in exactly {@code time} from now: two of them for a unary call whose
     * limit travels with it, once it has come to its server and the caller waits.
     *
     * @throws AssertionError when there are fewer after 10 s of the system's time, with when all that is armed is due
     */
    public void awaitTimers(int count, Duration time) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        synchronized (timers) {
            long due = now + time.toNanos();
            while (timers.stream().filter(timer -> timer.due == due).count() < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("fewer timers than " + count + " are due in " + time + " (expected within "
                            + PATIENCE.toSeconds() + " s); due is something in " + due());
                }
                timers.wait(left);
            }
        }
    }

    private List<Duration> due() {
        return timers.stream()
                .map(timer -> timer.due - now)
                .sorted()
                .map(Duration::ofNanos)
                .toList();
    }

    private @Nullable Timer nextUntil(long end) {
        synchronized (timers) {
            Timer next = timers.peek();
            if (next == null || next.due > end) {
                now = end;
                return null;
            }
            timers.remove();
            now = Math.max(now, next.due);
            return next;
        }
    }

    private static void run(Timer timer) {
        EventLoop loop = timer.loop;
        if (loop == null) {
            timer.run();
            return;
        }
        try {
            await(loop.submit(timer));
        } catch (RejectedExecutionException loopHasEnded) {
            timer.cancel(false);
        }
    }

    /** Lets every event loop of the process run what it has been given until now. */
    private static void letLoopsFinish() {
        try (EventLoops all = EventLoops.acquire()) {
            List<io.netty.util.concurrent.Future<?>> passed = new ArrayList<>();
            for (EventExecutor loop : all.loops()) {
                passed.add(loop.submit(() -> {}));
            }
            passed.forEach(ManualClock::await);
        }
    }

    private static void await(io.netty.util.concurrent.Future<?> done) {
        if (!done.awaitUninterruptibly(PATIENCE.toMillis())) {
            throw new IllegalStateException("an event loop has not done what it was given (expected: within "
                    + PATIENCE.toSeconds() + " s, as nothing may block there)");
        }
    }

    // ---- for clients and servers ----

    @Override
    public long nanoTime() {
        synchronized (timers) {
            return now;
        }
    }

    @Override
    public Future<?> schedule(EventLoop loop, Runnable task, long nanos) {
        return nanos <= 0 ? loop.submit(task) : arm(loop, task, nanos);
    }

    private Timer arm(@Nullable EventLoop loop, Runnable task, long nanos) {
        synchronized (timers) {
            long due = now > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : now + nanos;
            Timer timer = new Timer(loop, task, due, armed++);
            timers.add(timer);
            timers.notifyAll();
            return timer;
        }
    }

    @Override
    public <T> T await(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (nanos <= 0) {
            return future.get(0, TimeUnit.NANOSECONDS);
        }
        CompletableFuture<T> waiting = future.copy();
        TimeoutException passed = new TimeoutException();
        Timer timer = arm(null, () -> waiting.completeExceptionally(passed), nanos);
        try {
            return waiting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException cancelled) {
                throw cancelled;
            }
            if (passed.equals(e.getCause())) {
                throw passed;
            }
            throw e;
        } finally {
            timer.cancel(false);
        }
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        if (nanos <= 0) {
            return;
        }
        Thread self = Thread.currentThread();
        Timer timer = arm(null, () -> LockSupport.unpark(self), nanos);
        try {
            LockSupport.park(blocker);
        } finally {
            timer.cancel(false);
        }
    }
}
