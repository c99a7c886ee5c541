package io.streamx.client;

/**
 * How often a call is made again (a retry), all in this one place. A call is made again only where no server can have run it.
 *
 * <p>The numbers multiply: a unary call has up to {@link #UNARY_ATTEMPTS} attempts, and each of these looks for a connection
 * at up to {@link #INSTANCES} instances, so that at most 18 connections are tried for it. A unary call over gRPC is a stream
 * of one message each way; it has up to {@link #STREAM_UNARY_ATTEMPTS} attempts, which makes 12. A stream has one attempt,
 * at up to {@link #INSTANCES} instances.
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
     * Attempts of a unary call that is a stream of one message each way, the first included. A server may say that it has not processed a call; a server
     * that takes no calls is not to be asked by all its clients again and again.
     */
    static final int STREAM_UNARY_ATTEMPTS = 2;

    private Retries() {}
}
