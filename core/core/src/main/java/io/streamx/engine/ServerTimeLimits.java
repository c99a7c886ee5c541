package io.streamx.engine;

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
 */
public record ServerTimeLimits(
        @Nullable Duration recv,
        @Nullable Duration idle,
        @Nullable Duration total,
        @Nullable Duration sendStall) {
    /** No limits. */
    public static final ServerTimeLimits NONE = new ServerTimeLimits(null, null, null, null);
}
