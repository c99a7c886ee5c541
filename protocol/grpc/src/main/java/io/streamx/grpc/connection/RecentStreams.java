package io.streamx.grpc.connection;

/**
 * The streams that something has happened to lately. Some hundreds are remembered, and then the older ones are
 * forgotten.
 */
final class RecentStreams {
    private static final int SIZE = 512;
    private final int[] ids = new int[SIZE];

    void add(int streamId) {
        ids[slot(streamId)] = streamId;
    }

    boolean contains(int streamId) {
        return ids[slot(streamId)] == streamId;
    }

    /** The slot of a stream. Ids of one side differ by two, so the lowest bit is left out. */
    private static int slot(int streamId) {
        return streamId >>> 1 & SIZE - 1;
    }
}
