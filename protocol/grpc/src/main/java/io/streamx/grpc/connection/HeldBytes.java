package io.streamx.grpc.connection;

/**
 * What a connection holds beside what streams have sent or not received: the heads of its calls, and what has come of messages
 * that are not whole. Both count in the memory of the process. On the event loop.
 */
final class HeldBytes {
    /** Heads that are fewer than that are not worth telling. */
    private static final long STEP_BYTES = 16 << 10;

    /** What may have come of messages that are not whole without being told: what many streams have on their way at any time. */
    private static final long ON_THE_WAY_BYTES = 256 << 10;

    private final GrpcConnection connection;
    private long heads;
    private long told;

    HeldBytes(GrpcConnection connection) {
        this.connection = connection;
    }

    /** The heads of running calls have become more, or fewer. */
    void heads(int more) {
        heads += more;
        tell();
    }

    /** Tells the process what is held, when that has changed by a good part. */
    void tell() {
        long begun = connection.streamWindows().incomplete().held() - ON_THE_WAY_BYTES;
        long now = heads + Math.max(0, begun);
        if (Math.abs(now - told) >= Math.max(STEP_BYTES, told / 4)) {
            told = now;
            connection.streams().holds(now);
        }
    }

    /** Whether a call whose head has {@code bytes} bytes is one too many; the first call never is. */
    boolean isFullOfHeads(long bytes) {
        return heads != 0 && heads + bytes > connection.streams().mayHold();
    }

    /** Why such a call is not run. */
    String refusal(long bytes) {
        return "the headers of " + bytes + " bytes, with " + heads
                + " bytes of running calls, are more than the connection may"
                + " hold (expected: at most " + connection.streams().mayHold()
                + " bytes; the setting buffers); the call was"
                + " not run";
    }
}
