package io.streamx.grpc.connection;

/** Streams that something has happened to lately. Remembers some hundreds; of more the older ones are forgotten. */
final class RecentStreams {
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
