package io.streamx.grpc.connection;

import io.streamx.grpc.GrpcOptions;
import io.streamx.wire.Limits;
import io.streamx.wire.MemoryBudget;

/**
 * How large receive windows are at first and how far they grow: as set, and less where the memory of the process is so
 * small that the windows of a few dozen connections would take all of it before anything can be done about it.
 */
final class WindowSizes {
    private static final int FIRST_OF_CONNECTION_PART = 64;
    private static final int FIRST_OF_STREAM_PART = 256;
    private static final int MOST_OF_CONNECTION_PART = 16;
    private static final int MOST_OF_STREAM_PART = 64;

    private WindowSizes() {}

    static int connection(GrpcOptions options) {
        return MemoryBudget.share(options.connectionWindowBytes(), FIRST_OF_CONNECTION_PART);
    }

    static int stream(Limits limits) {
        return MemoryBudget.share(limits.streamBufferBytes(), FIRST_OF_STREAM_PART);
    }

    static int largestConnection(GrpcOptions options) {
        return MemoryBudget.share(options.maxConnectionWindowBytes(), MOST_OF_CONNECTION_PART);
    }

    static int largestStream(GrpcOptions options) {
        return MemoryBudget.share(options.maxStreamWindowBytes(), MOST_OF_STREAM_PART);
    }
}
