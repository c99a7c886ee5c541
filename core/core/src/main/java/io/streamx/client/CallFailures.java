package io.streamx.client;

import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.UnavailableException;
import io.streamx.wire.NotSentException;

/** What a failure tells of the call that ended with it. */
public final class CallFailures {
    private CallFailures() {}

    /**
     * Whether the server has certainly not run the call, so that the call may be made again whatever the method does:
     * no instance was found or could be connected to, the request did not leave, or the server said that it did not
     * take the call.
     */
    public static boolean isCertainlyNotRun(RpcException failure) {
        return NotSentException.isReasonOf(failure)
                || failure instanceof UnavailableException
                || (failure instanceof RpcTimeoutException timeout && timeout.isBeforeConnected());
    }
}
