package io.streamx.balancer;

import io.streamx.discovery.Instance;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * An instance that calls may go to, with what its client knows of it. A client has one candidate for each address, for
 * as long as the address is among the instances. Safe from any thread.
 */
public final class Candidate {
    private static final long FIRST_PASS_OVER_NANOS = 500_000_000L;
    private static final long LONGEST_PASS_OVER_NANOS = 30_000_000_000L;
    /** How long one call alone tries an instance whose turn it is to be tried again. */
    private static final long TRIAL_NANOS = 1_000_000_000L;

    private static final long LEAVING_NANOS = 1_000_000_000L;
    /** {@link #passedOverUntil} of an instance that is not passed over. */
    private static final long NOT_PASSED_OVER = 0;

    private static final double DECAY_NANOS = 10e9;
    private static final AtomicIntegerFieldUpdater<Candidate> ACTIVE =
            AtomicIntegerFieldUpdater.newUpdater(Candidate.class, "active");
    private static final AtomicLongFieldUpdater<Candidate> LEAVING =
            AtomicLongFieldUpdater.newUpdater(Candidate.class, "leavingUntil");

    private volatile Instance instance;
    /** When the instance appeared; {@link Long#MIN_VALUE} when it was there from the beginning. */
    private final long appearedNanos;

    /**
     * How many calls run. The counter is a field of the candidate itself, since a balancer may look at all candidates
     * for each call.
     */
    private volatile int active;

    /** Until when calls go elsewhere because the server said that it leaves; {@link #NOT_PASSED_OVER} when it did not. */
    private volatile long leavingUntil = NOT_PASSED_OVER;

    private final AtomicLong passedOverUntil = new AtomicLong(NOT_PASSED_OVER);
    private volatile int failedConnects;
    /** The moving average of how long calls took, as of when a call was last told; 0 before the first. */
    private volatile double averageNanos;

    private volatile long averagedAtNanos;

    private Candidate(Instance instance, long appearedNanos) {
        this.instance = instance;
        this.appearedNanos = appearedNanos;
    }

    /** An instance that was there when its client began to know any. */
    public static Candidate of(Instance instance) {
        return new Candidate(instance, Long.MIN_VALUE);
    }

    /** An instance that appeared at that time, in the sense of {@link System#nanoTime}. */
    public static Candidate appeared(Instance instance, long nowNanos) {
        return new Candidate(instance, nowNanos == Long.MIN_VALUE ? nowNanos + 1 : nowNanos);
    }

    /** The address of the instance, and its weight and tags as the registry has them now. */
    public Instance instance() {
        return instance;
    }

    /** Takes note of what the registry says of the address now. */
    public void update(Instance newest) {
        instance = newest;
    }

    /** Whether the instance appeared less than {@code windowNanos} ago. */
    boolean isNew(long nowNanos, long windowNanos) {
        return appearedNanos != Long.MIN_VALUE && nowNanos - appearedNanos < windowNanos;
    }

    /** How long the instance has been there. */
    long ageNanos(long nowNanos) {
        return nowNanos - appearedNanos;
    }

    // ---- connecting ----

    /**
     * Takes note that no connection could be made. Calls go elsewhere for half a second, and for twice as long after
     * each further failure, up to 30 s, unless there is nowhere else.
     */
    public void connectFailed(long nowNanos) {
        int failures = failedConnects;
        failedConnects = Math.min(failures + 1, 16);
        long pause = Math.min(FIRST_PASS_OVER_NANOS << failures, LONGEST_PASS_OVER_NANOS);
        passedOverUntil.set(notTheMark(nowNanos + pause));
    }

    /**
     * Its server has said that it is leaving: calls go elsewhere for a second, unless there is nowhere else. By then its port
     * is closed, or the registry has told of it, or another server is there.
     */
    public void leaving(long nowNanos) {
        leavingUntil = notTheMark(nowNanos + LEAVING_NANOS);
    }

    /** Takes note that a connection was made, so that calls may come again. */
    public void connected() {
        if (passedOverUntil.get() != NOT_PASSED_OVER) {
            failedConnects = 0;
            passedOverUntil.set(NOT_PASSED_OVER);
        }
    }

    /** Whether calls are to go elsewhere, because no connection could be made or its server said that it leaves a moment ago. */
    public boolean isPassedOver(long nowNanos) {
        return isBefore(nowNanos, passedOverUntil.get()) || isBefore(nowNanos, leavingUntil);
    }

    private static boolean isBefore(long nowNanos, long until) {
        return until != NOT_PASSED_OVER && nowNanos - until < 0;
    }

    /** Whether calls are to go elsewhere now. */
    public boolean isPassedOver() {
        long leaving = leavingUntil;
        // The clock is read only for instances that have failed or left.
        if (passedOverUntil.get() == NOT_PASSED_OVER && leaving == NOT_PASSED_OVER) {
            return false;
        }
        long now = System.nanoTime();
        if (leaving != NOT_PASSED_OVER && now - leaving >= 0) {
            LEAVING.compareAndSet(this, leaving, NOT_PASSED_OVER);
        }
        return isPassedOver(now);
    }

    /**
     * Takes note that a call is about to connect. If the call is to find out whether the instance is there again, other
     * calls go elsewhere meanwhile.
     */
    public void tried() {
        // The clock is read only for instances that have failed.
        if (passedOverUntil.get() != NOT_PASSED_OVER) {
            tried(System.nanoTime());
        }
    }

    void tried(long nowNanos) {
        long until = passedOverUntil.get();
        if (until != NOT_PASSED_OVER && nowNanos - until >= 0) {
            passedOverUntil.compareAndSet(until, notTheMark(nowNanos + TRIAL_NANOS));
        }
    }

    private static long notTheMark(long nanos) {
        return nanos == NOT_PASSED_OVER ? 1 : nanos;
    }

    // ---- load ----

    /** How many calls and streams run on the instance; counted only where the balancer goes by that number. */
    public int active() {
        return active;
    }

    void callStarted() {
        ACTIVE.incrementAndGet(this);
    }

    void callEnded() {
        ACTIVE.decrementAndGet(this);
    }

    /**
     * Takes note of how long a call took. A time longer than the average becomes the average at once, and a shorter one
     * draws the average down by and by.
     */
    synchronized void took(long nanos, long nowNanos) {
        double before = averageNanos;
        if (before == 0 || nanos >= before) {
            averageNanos = Math.max(nanos, 1);
        } else {
            double kept = Math.exp(-(nowNanos - averagedAtNanos) / DECAY_NANOS);
            averageNanos = Math.max(before * kept + nanos * (1 - kept), 1);
        }
        averagedAtNanos = nowNanos;
    }

    /**
     * How long a call is expected to take. The expectation sinks while no call finds out, and is 0 when no call ever
     * did.
     */
    double expectedNanos(long nowNanos) {
        double average = averageNanos;
        return average == 0 ? 0 : average * decay(nowNanos - averagedAtNanos);
    }

    /** A bound of the exponential that costs nothing to compute, and falls as slowly where it matters. */
    private static double decay(long nanos) {
        double age = nanos / DECAY_NANOS;
        return age <= 0 ? 1 : 1 / (1 + age + age * age / 2);
    }

    @Override
    public String toString() {
        return instance.address().toString();
    }
}
