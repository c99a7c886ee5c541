package io.streamx.grpc.connection;

/**
 * The streams this side has reset lately: frames for them that were under way are no fault of the peer's. Remembers some
 * hundreds; of more the older ones are forgotten.
 */
final class RecentResets {
    private static final int SIZE = 512;
    private final int[] ids = new int[SIZE];

    void add(int streamId) {
        ids[slot(streamId)] = streamId;
    }

    boolean contains(int streamId) {
        return ids[slot(streamId)] == streamId;
    }

    /** Ids of one side differ by two. */
    private static int slot(int streamId) {
        return streamId >>> 1 & SIZE - 1;
    }
}
