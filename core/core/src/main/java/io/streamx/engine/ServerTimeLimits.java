package io.streamx.engine;

import io.streamx.wire.Defaults;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a server lets its streams take, whatever their callers do. A limit that is null is none. Kitex has no such
 * limits.
 *
 * @param recv the limit of one recv of a handler
 * @param idle the longest time without a message in either direction
 * @param total the limit of the whole stream
 * @param sendStall how long a send of a handler waits while no byte of its stream leaves
 * @param lateHandler after what time a handler that runs on after its call has ended is named in the log; zero for never
 */
public record ServerTimeLimits(
        @Nullable Duration recv,
        @Nullable Duration idle,
        @Nullable Duration total,
        @Nullable Duration sendStall,
        Duration lateHandler) {
    /** No limits. */
    public static final ServerTimeLimits NONE = new ServerTimeLimits(null, null, null, null, Defaults.LATE_HANDLER);
}
