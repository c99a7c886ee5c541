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
        return NotSentException.isReasonOf(failure) || isOfConnecting(failure);
    }

    /**
     * Whether a call failed before it had a connection. Most such errors have no class of their own and are known by
     * how their text begins.
     */
    private static boolean isOfConnecting(RpcException failure) {
        if (failure instanceof UnavailableException) {
            return true;
        }
        if (failure.getClass() != RpcException.class && !(failure instanceof RpcTimeoutException)) {
            return false;
        }
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("cannot connect to ")
                || message.startsWith("no connection to ")
                || message.startsWith("service ");
    }
}
