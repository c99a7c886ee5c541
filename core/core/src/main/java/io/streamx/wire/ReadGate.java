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
}
