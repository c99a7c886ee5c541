package io.streamx.client;

import io.streamx.CallCancelledException;
import io.streamx.CallContext;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Failures;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The errors of unary calls. Where the caller's own side gives a call up, its errors are alike on all transports; all
 * others are those of the wire. Source: docs/protocol/semantics.md "12. Situations", rows 47, 48 and 56.
 *
 * @param wire the errors of the stream that carries the call
 */
record UnaryFailures(Failures wire, MethodDescriptor<?, ?> method) implements Failures {
    /**
     * Refuses to begin a call whose enclosing call has ended.
     *
     * @throws RpcException when the enclosing call has ended
     */
    static void checkNotCancelled(CallContext parent, MethodDescriptor<?, ?> method) {
        RpcException cancelled = parent.cancellation();
        if (cancelled != null) {
            throw notCalled(method, cancelled);
        }
    }

    /** The error of a call that was not begun, because its enclosing call had been cancelled. */
    static CallCancelledException notCalled(MethodDescriptor<?, ?> method, RpcException reason) {
        return new CallCancelledException(
                method + " was not called: the enclosing call is cancelled: " + reason.getMessage(), reason);
    }

    /** The error of a call that was given up, because its enclosing call was cancelled meanwhile. */
    static CallCancelledException givenUp(MethodDescriptor<?, ?> method, RpcException reason) {
        return new CallCancelledException(
                method + " was given up: the enclosing call was cancelled: " + reason.getMessage(), reason);
    }

    /** No reply came in time; {@code hint} goes on from the text. */
    static RpcTimeoutException timedOut(
            MethodDescriptor<?, ?> method, TimeLimit limit, String hint, @Nullable Throwable cause) {
        return new RpcTimeoutException(
                method + " got no reply within its timeout of "
                        + limit.duration().toMillis() + " ms, set by " + limit.setBy() + hint,
                limit.duration(),
                cause);
    }

    @Override
    public RpcException canceledByParent(RpcException reason) {
        return givenUp(method, reason);
    }

    @Override
    public RpcException streamTimeout(TimeLimit setting, Duration passed) {
        return timedOut(method, setting, "", wire.streamTimeout(setting, passed));
    }

    @Override
    public RpcException sendAfterCloseSend() {
        return wire.sendAfterCloseSend();
    }

    @Override
    public RpcException sendAfterEnd() {
        return wire.sendAfterEnd();
    }

    @Override
    public RpcException canceled(String reason) {
        return wire.canceled(reason);
    }

    @Override
    public RpcException closedHere(String place) {
        return wire.closedHere(place);
    }

    @Override
    public RpcException recvTimeout(RecvTimeout setting, String setBy, Duration waited) {
        return wire.recvTimeout(setting, setBy, waited);
    }

    @Override
    public RpcException idleTimeout(TimeLimit setting, Duration passed) {
        return wire.idleTimeout(setting, passed);
    }

    @Override
    public RpcException sendTimeout(TimeLimit setting, long unsentBytes) {
        return wire.sendTimeout(setting, unsentBytes);
    }

    @Override
    public RpcException handlerReturned() {
        return wire.handlerReturned();
    }

    @Override
    public RpcException headerAlreadySent() {
        return wire.headerAlreadySent();
    }

    @Override
    public RpcException notProcessed(RpcException failure) {
        return wire.notProcessed(failure);
    }

    @Override
    public RpcException tooManyUnreadBytes(long unreadBytes, Duration stalledFor) {
        return wire.tooManyUnreadBytes(unreadBytes, stalledFor);
    }
}
