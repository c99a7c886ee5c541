package io.streamx.wire;

/** What a wire that tells its peer how much it may send asks of a stream. On the event loop. */
public interface ReadProgress {
    /** How many bytes have come and were not taken by the stream's user, as the limits count them. */
    long unreadBytes();

    /**
     * Runs {@code step} once, on the event loop, when the user has taken or dropped all that has come by now. A second
     * call replaces a step that has not run.
     */
    void whenTaken(Runnable step);

    /**
     * Runs {@code step} once, on the event loop, when the user waits for a message and none is there; at once where the
     * user waits already. A second call replaces a step that has not run.
     */
    void whenAwaited(Runnable step);
}
