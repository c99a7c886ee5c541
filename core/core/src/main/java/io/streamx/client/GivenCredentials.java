package io.streamx.client;

import io.streamx.AttributeKey;
import io.streamx.CallCancelledException;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusCode;
import io.streamx.Transport;
import io.streamx.auth.CallCredentials;
import io.streamx.auth.CredentialsException;
import io.streamx.auth.CredentialsRequest;
import io.streamx.service.CallOptions;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The credentials that one call travels with, and who gave them. Tells who gave them when the server does not take them. */
record GivenCredentials(CallCredentials by, Metadata entries) implements CallListener {
    /** Of a call that has credentials. */
    static final AttributeKey<GivenCredentials> KEY = AttributeKey.named("credentials");

    /** What is quicker than this is not counted as time of the call, so that errors name the limit that was set. */
    private static final long UNCOUNTED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * The call with its credentials, in place of what it has under their names.
     *
     * @param limit of the whole call; null for none
     * @throws CredentialsException when there are none to be had, or they must not travel as the call does
     * @throws RpcTimeoutException when the time of the call ran out meanwhile
     */
    static ClientCallInfo added(
            ClientCallInfo info, CallCredentials credentials, boolean isTls, @Nullable TimeLimit limit) {
        String method = info.descriptor().toString();
        PingPong carrier = info.carrier();
        if (carrier == PingPong.FRAMED || carrier == PingPong.BUFFERED) {
            throw new CredentialsException(
                    "credentials of " + method + ", called on " + carrier
                            + ", which has no room for them (expected: a carrier with TTHeader, or the transport "
                            + Transport.GRPC + ")",
                    null);
        }
        if (credentials.requiresTls() && !isTls) {
            throw new CredentialsException(
                    "credentials of " + method + " were not sent to " + info.to()
                            + ", because the client uses clear text (expected: tls(...), or overClearText() of the credentials)",
                    null);
        }
        long began = System.nanoTime();
        Metadata entries = entries(info, credentials, isTls, limit == null ? null : limit.duration());
        CallOptions options = withEntries(info, entries);
        if (limit != null) {
            long took = System.nanoTime() - began;
            if (took > UNCOUNTED_NANOS) {
                Duration left = limit.duration().minusNanos(took);
                if (left.isNegative() || left.isZero()) {
                    throw RpcTimeoutException.beforeConnected(
                            method + " was not called: its time, set by " + limit.setBy()
                                    + ", ran out before its credentials were there",
                            limit.duration(),
                            null);
                }
                options = options.withTimeout(left);
            }
        }
        ClientCallInfo with = info.withOptions(options);
        with.setAttribute(KEY, new GivenCredentials(credentials, entries));
        return with;
    }

    private static Metadata entries(
            ClientCallInfo info, CallCredentials credentials, boolean isTls, @Nullable Duration remaining) {
        try {
            return credentials.entriesFor(new CredentialsRequest(info, isTls, remaining));
        } catch (CredentialsException | RpcTimeoutException told) {
            throw told;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            RpcException ended = CallContext.current().cancellation();
            throw new CallCancelledException(
                    "thread was interrupted while it waited for the credentials of " + info.descriptor(),
                    ended != null ? ended : interrupt);
        } catch (Exception failure) {
            throw new CredentialsException(
                    "credentials of " + info.descriptor() + " could not be had: " + Thrown.text(failure), failure);
        }
    }

    private static CallOptions withEntries(ClientCallInfo info, Metadata entries) {
        // Whoever sets an entry of that name beside credentials would else decide by accident who calls.
        CallOptions options = info.options().without(entries.names());
        if (info.transport() == Transport.GRPC && info.carrier() == null) {
            return options.withMetadata(entries);
        }
        for (Map.Entry<String, String> entry : entries.firstValues().entrySet()) {
            options = options.withTransient(entry.getKey(), entry.getValue());
        }
        return options;
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        if (summary.failure() instanceof RpcException failure && failure.statusCode() == StatusCode.UNAUTHENTICATED) {
            by.refused(call, entries);
        }
    }

    /** Names nothing of the entries, which are secrets. */
    @Override
    public String toString() {
        return "credentials";
    }
}
