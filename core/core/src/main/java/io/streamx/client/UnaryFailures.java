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

/**
 * The errors of unary calls: the same on each transport where the caller's own side gives a call up, else those of the
 * wire. Source: docs/protocol/semantics.md "12. Situations", rows 47, 48 and 56.
 *
 * @param wire the errors of the stream that carries the call
 */
record UnaryFailures(Failures wire, MethodDescriptor<?, ?> method) implements Failures {
    /**
     * What an enclosing call that has ended calls is not even begun.
     *
     * @throws RpcException saying so
     */
    static void checkNotCancelled(CallContext parent, MethodDescriptor<?, ?> method) {
        RpcException cancelled = parent.cancellation();
        if (cancelled != null) {
            throw notCalled(method, cancelled);
        }
    }

    /** The enclosing call was cancelled before. */
    static CallCancelledException notCalled(MethodDescriptor<?, ?> method, RpcException reason) {
        return new CallCancelledException(
                method + " was not called: the enclosing call is cancelled: " + reason.getMessage(), reason);
    }

    /** The enclosing call was cancelled meanwhile. */
    static CallCancelledException givenUp(MethodDescriptor<?, ?> method, RpcException reason) {
        return new CallCancelledException(
                method + " was given up: the enclosing call was cancelled: " + reason.getMessage(), reason);
    }

    /** No reply came in time. */
    static RpcTimeoutException timedOut(MethodDescriptor<?, ?> method, TimeLimit limit, Throwable cause) {
        return new RpcTimeoutException(
                method + " got no reply within its timeout of "
                        + limit.duration().toMillis() + " ms, set by " + limit.setBy(),
                limit.duration(),
                cause);
    }

    @Override
    public RpcException canceledByParent(RpcException reason) {
        return givenUp(method, reason);
    }

    @Override
    public RpcException streamTimeout(TimeLimit setting, Duration passed) {
        return timedOut(method, setting, wire.streamTimeout(setting, passed));
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
