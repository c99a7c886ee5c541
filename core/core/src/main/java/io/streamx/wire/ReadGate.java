package io.streamx.wire;

/**
 * Stops and starts the reading of a connection whose unread bytes have passed the limit. A wire with flow control of its
 * own withholds credit; others do not read the socket. On the event loop.
 */
public interface ReadGate {
    /** Stops the peer: soon nothing more is to come. */
    void pause();

    /** Lets the peer go on, because enough has been taken. */
    void resume();

    /**
     * Reads a little although the connection is paused, because there is memory for a little more. A wire whose control
     * frames stand behind its messages sees these frames so.
     */
    default void glimpse() {}

    /**
     * Much is unread, if not too much: a wire that can tell its peer how much each stream may send tells it less. Called
     * again with each read while that is so.
     *
     * @param allowedBytes how many bytes may be unread
     */
    default void filling(long allowedBytes) {}

    /** Little is unread again after {@link #filling}. */
    default void emptied() {}

    /**
     * Paused, and what still comes is more than the process has memory for: a wire that only withholds credit reads the
     * socket no more, until this is called with false or reading goes on.
     */
    default void stopReading(boolean stop) {}
}
