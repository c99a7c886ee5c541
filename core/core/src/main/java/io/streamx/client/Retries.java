package io.streamx.client;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How often a call is made again (a retry), all in this one place. A call is made again only where no server can have run it.
 *
 * <p>The numbers multiply: a unary call has up to {@link #UNARY_ATTEMPTS} attempts, and each of these looks for a connection
 * at up to {@link #INSTANCES} instances, so that at most 18 connections are tried for it. A unary call over gRPC is a stream
 * of one message each way; it has up to {@link #STREAM_UNARY_ATTEMPTS} attempts that its servers have refused, which makes 12.
 * A stream has one attempt, at up to {@link #INSTANCES} instances.
 *
 * <p>Attempts of a unary call over gRPC whose connection ended before the server took the call do not count: such a call is
 * made again until its time is over, and one without a limit of time up to {@link #ENDED_CONNECTIONS} times, in growing
 * intervals ({@link #pauseNanos}). Source: gRPC proposal A6, "Transparent Retries".
 */
final class Retries {
    /**
     * Instances that are connected to, one after the other, until one can be; as many as Kitex tries. The balancer chooses
     * each among those that have not been tried for the call.
     */
    static final int INSTANCES = 6;

    /**
     * Attempts of a unary call on a connection of its own or a multiplexed one, the first included. A connection that
     * its server has just closed is noticed when it is used: a request that had not left goes out on another one.
     * Several such connections in a row tell of another trouble, which further attempts do not cure.
     */
    static final int UNARY_ATTEMPTS = 3;

    /**
     * Attempts of a unary call that is a stream of one message each way that servers have refused, the first included. A server may say that it has not processed a call; a server
     * that takes no calls is not to be asked by all its clients again and again.
     */
    static final int STREAM_UNARY_ATTEMPTS = 2;

    /** Connections that may end before the server took the call, where the call has no limit of time. */
    static final int ENDED_CONNECTIONS = 20;

    /** The first pause; each following one is twice as long as the one before. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MAX_DOUBLINGS = 7;

    private Retries() {}

    /**
     * How long a call waits that has {@code attempts} attempts behind it. The second attempt follows at once, because a
     * connection may end at any time; later ones wait for about 10 ms, 20 ms and so on to 1 s, each by chance up to a
     * quarter less, so that calls that failed together are not all made again together.
     */
    static long pauseNanos(int attempts) {
        if (attempts < 2) {
            return 0;
        }
        long pause = Math.min(MAX_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(MAX_DOUBLINGS, attempts - 2));
        return pause - ThreadLocalRandom.current().nextLong(pause / 4);
    }
}
