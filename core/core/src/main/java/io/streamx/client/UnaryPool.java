package io.streamx.client;

import io.streamx.wire.UnaryProtocol;
import java.util.concurrent.CompletableFuture;

/** The connections to one address for unary calls. Safe from any thread. */
interface UnaryPool {
    /**
     * A connection for one call, to be released or abandoned after it.
     *
     * @throws ConnectException when none can be made, or not soon enough
     * @throws io.streamx.RpcException when the call is over before there is one
     */
    Lease acquire(CallBounds bounds);

    /** Whether a connection is open. */
    boolean isInUse();

    /** Closes all connections; calls on them fail. */
    void close();

    /** The right to make one call on a connection. */
    interface Lease {
        /** The connection. */
        UnaryProtocol.Connection connection();

        /** Gives the connection back after a call that left it clean. */
        void release();

        /** Gives up a call that nobody waits for any more, or that may have made the server close the connection. */
        default void abandon(CompletableFuture<? extends UnaryProtocol.Reply<?>> reply) {
            connection().abandon(reply);
        }
    }
}
