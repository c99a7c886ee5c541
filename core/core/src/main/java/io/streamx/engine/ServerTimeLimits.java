package io.streamx.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a server lets its streams take, whatever their callers do; null for no limit. Kitex has no such limits.
 *
 * @param recv one recv of a handler
 * @param idle no message in either direction
 * @param total the whole stream
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
