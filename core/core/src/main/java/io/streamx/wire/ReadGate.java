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
}
