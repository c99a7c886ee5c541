package io.streamx.wire;

/**
 * Stops and starts the reading of a connection whose unread bytes have passed the limit. A wire with flow control of its
 * own withholds credit; others do not read the socket. On the event loop.
 */
public interface ReadGate {
    /** Nothing more should come, soon. */
    void pause();

    /** Enough has been taken. */
    void resume();

    /**
     * Still paused, and there is memory for a little more: a wire whose control frames stand behind its messages reads a
     * little, so that they are seen.
     */
    default void glimpse() {}
}
