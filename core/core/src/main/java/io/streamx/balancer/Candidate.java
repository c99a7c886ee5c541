package io.streamx.balancer;

import io.streamx.discovery.Instance;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An instance that calls may go to, with what its client knows of it. One for each address, for as long as that is there.
 * Safe from any thread.
 */
public final class Candidate {
    private static final long FIRST_PASS_OVER_NANOS = 500_000_000L;
    private static final long LONGEST_PASS_OVER_NANOS = 30_000_000_000L;
    /** An instance whose turn it is to be tried again is tried by one call for so long. */
    private static final long TRIAL_NANOS = 1_000_000_000L;
    /** {@link #passedOverUntil} of an instance that is not passed over. */
    private static final long NOT_PASSED_OVER = 0;

    private static final double DECAY_NANOS = 10e9;
    private static final AtomicIntegerFieldUpdater<Candidate> ACTIVE =
            AtomicIntegerFieldUpdater.newUpdater(Candidate.class, "active");

    private volatile Instance instance;
    /** When the instance appeared; {@link Long#MIN_VALUE} when it was there from the beginning. */
    private final long appearedNanos;

    /** Of this object itself, since a balancer may look at all candidates for each call. */
    private volatile int active;

    private final AtomicLong passedOverUntil = new AtomicLong(NOT_PASSED_OVER);
    private volatile int failedConnects;
    /** The moving average of how long calls took, when it was last told one; 0 before. */
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

    /** Where it is, and its weight and tags as the registry has them now. */
    public Instance instance() {
        return instance;
    }

    /** The registry says something else of the address now. */
    public void update(Instance newest) {
        instance = newest;
    }

    /** Whether it appeared less than {@code windowNanos} ago. */
    boolean isNew(long nowNanos, long windowNanos) {
        return appearedNanos != Long.MIN_VALUE && nowNanos - appearedNanos < windowNanos;
    }

    /** How long it has been there. */
    long ageNanos(long nowNanos) {
        return nowNanos - appearedNanos;
    }

    // ---- connecting ----

    /**
     * No connection could be made: calls go elsewhere for half a second, and for twice as long after each further failure, up
     * to 30 s, unless there is nowhere else.
     */
    public void connectFailed(long nowNanos) {
        int failures = failedConnects;
        failedConnects = Math.min(failures + 1, 16);
        long pause = Math.min(FIRST_PASS_OVER_NANOS << failures, LONGEST_PASS_OVER_NANOS);
        passedOverUntil.set(notTheMark(nowNanos + pause));
    }

    /** A connection is there. */
    public void connected() {
        if (passedOverUntil.get() != NOT_PASSED_OVER) {
            failedConnects = 0;
            passedOverUntil.set(NOT_PASSED_OVER);
        }
    }

    /** Whether calls are to go elsewhere, because no connection could be made a moment ago. */
    public boolean isPassedOver(long nowNanos) {
        long until = passedOverUntil.get();
        return until != NOT_PASSED_OVER && nowNanos - until < 0;
    }

    /** Whether calls are to go elsewhere now. */
    public boolean isPassedOver() {
        // The clock is read for those alone that have failed.
        return passedOverUntil.get() != NOT_PASSED_OVER && isPassedOver(System.nanoTime());
    }

    /** A call is about to connect: if it is to find out whether the instance is there again, others go elsewhere meanwhile. */
    public void tried() {
        // The clock is read for those alone that have failed.
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

    /** Calls and streams that run there; counted only where the balancer goes by it. */
    public int active() {
        return active;
    }

    void callStarted() {
        ACTIVE.incrementAndGet(this);
    }

    void callEnded() {
        ACTIVE.decrementAndGet(this);
    }

    /** A call took so long. A longer time than the average is taken at once, a shorter one by and by. */
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

    /** How long a call is expected to take there; less and less while nobody finds out, and 0 when nobody ever did. */
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
