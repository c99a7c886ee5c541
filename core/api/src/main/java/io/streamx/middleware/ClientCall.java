package io.streamx.middleware;

import io.streamx.CallInfo;
import io.streamx.service.CallOptions;

/** A call about to be made, as client middleware sees it. */
public interface ClientCall extends CallInfo {
    /** Timeouts and metainfo of the call. */
    CallOptions options();

    /** The same call with other options, to be handed to the next step. */
    ClientCall withOptions(CallOptions options);

    /**
     * The call as its attempt of that number, for middleware that makes calls again.
     *
     * @throws IllegalArgumentException when {@code attempt} is less than 1
     */
    ClientCall withAttempt(int attempt);
}
