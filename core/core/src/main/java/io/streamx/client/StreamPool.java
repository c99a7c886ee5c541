package io.streamx.client;

import io.streamx.wire.StreamProtocol;

/** The connections to one address that streams travel on. Safe from any thread. */
interface StreamPool {
    /** The reason that streams are told when their client is closed under them. */
    String CLIENT_CLOSED = "connection closed: the client was closed";

    /**
     * A connection with a reservation for one more stream; waits while it is being made.
     *
     * @throws ConnectException when it cannot be made, or not soon enough
     * @throws io.streamx.RpcException when the call is over before there is one
     */
    StreamProtocol.Connection acquire(CallBounds bounds);

    /**
     * Makes the connections that streams will share, or the one the first stream will use.
     *
     * @throws ConnectException when that cannot be done
     */
    void warmUp(CallBounds bounds);

    /** Gives the reservation back when no stream was opened on an acquired connection. */
    void unused(StreamProtocol.Connection connection);

    /** Whether a connection is open. */
    boolean isInUse();

    /** Closes all connections; streams on them end. */
    void close();
}
