package io.streamx.client;

import io.streamx.transport.StreamProtocol;

/** The connections to one address that streams travel on. Safe from any thread. */
interface StreamPool {
    /**
     * A connection for one more stream; waits while it is being made.
     *
     * @throws ConnectException when it cannot be made, or not soon enough
     */
    StreamProtocol.Connection acquire();

    /**
     * Makes the connections that streams will share, or the one the first stream will use.
     *
     * @throws ConnectException when that cannot be done
     */
    void warmUp();

    /** No stream was opened on an acquired connection. */
    void unused(StreamProtocol.Connection connection);

    /** Closes all connections; streams on them end. */
    void close();
}
