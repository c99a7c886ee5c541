package io.streamx.middleware;

import io.streamx.CallInfo;
import io.streamx.service.CallOptions;

/** A call about to be made, as client middleware sees it. */
public interface ClientCall extends CallInfo {
    /** Timeouts and metainfo of the call. */
    CallOptions options();

    /** This call with other options, to be handed to the next step. */
    ClientCall withOptions(CallOptions options);

    /**
     * This call as the attempt of number {@code attempt}, for middleware that makes calls again.
     *
     * @throws IllegalArgumentException when {@code attempt} is less than 1
     */
    ClientCall withAttempt(int attempt);
}
