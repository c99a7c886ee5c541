package io.streamx.auth;

import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps a bearer token, and has it renewed. Safe from any thread. */
final class CachedBearer implements CallCredentials {
    private static final Duration LONGEST_LEAD = Duration.ofMinutes(1);
    private static final int LEAD_PART = 5;
    /** After a renewal that failed, calls go on with the old token for so long before it is tried again. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A token, as it travels, with the moments at which it is to be renewed and no longer used. */
    private record Kept(
            Metadata entries,
            @Nullable Instant renewAt,
            @Nullable Instant expiresAt) {
        boolean isUsable(Instant now) {
            return expiresAt == null || now.isBefore(expiresAt);
        }

        boolean isToBeRenewed(Instant now) {
            return renewAt != null && !now.isBefore(renewAt);
        }
    }

    private final TokenSource source;
    private final LongSupplier nanos;
    private final Clock clock;

    private volatile @Nullable Kept kept;
    /** The question that is being asked. Guarded by {@code this}. */
    private @Nullable CompletableFuture<Kept> asked;
    /** When a renewal last failed, null when the last one went well. Guarded by {@code this}. */
    private @Nullable Long failedAtNanos;

    CachedBearer(TokenSource source, LongSupplier nanos, Clock clock) {
        this.source = Objects.requireNonNull(source, "source");
        this.nanos = nanos;
        this.clock = clock;
    }

    @Override
    public Metadata entriesFor(CredentialsRequest request) throws Exception {
        Instant now = clock.instant();
        Kept current = kept;
        if (current != null && current.isUsable(now)) {
            if (current.isToBeRenewed(now)) {
                renewBeside();
            }
            return current.entries();
        }
        return await(usable(now), request).entries();
    }

    private synchronized CompletableFuture<Kept> usable(Instant now) {
        Kept current = kept;
        // The question of another call may have been answered since this call has looked.
        return current != null && current.isUsable(now) ? CompletableFuture.completedFuture(current) : ask();
    }

    private synchronized void renewBeside() {
        Long failedAt = failedAtNanos;
        if (failedAt == null || nanos.getAsLong() - failedAt >= RETRY_NANOS) {
            ask();
        }
    }

    /** The answer to the question that is being asked, which is asked now if none is. */
    private synchronized CompletableFuture<Kept> ask() {
        CompletableFuture<Kept> running = asked;
        if (running != null) {
            return running;
        }
        CompletableFuture<Kept> answer = new CompletableFuture<>();
        asked = answer;
        // A thread of its own, because the call that asks first may be cancelled while others wait for the answer.
        Thread.ofVirtual().name("streamx-token").start(() -> fetch(answer));
        return answer;
    }

    private void fetch(CompletableFuture<Kept> answer) {
        try {
            Instant before = clock.instant();
            AccessToken token = Objects.requireNonNull(source.fetch(), "the token source gave null");
            Kept fresh = kept(token, before);
            synchronized (this) {
                kept = fresh;
                asked = null;
                failedAtNanos = null;
            }
            answer.complete(fresh);
        } catch (Throwable failure) {
            synchronized (this) {
                asked = null;
                failedAtNanos = nanos.getAsLong();
            }
            answer.completeExceptionally(failure);
        }
    }

    private static Kept kept(AccessToken token, Instant fetchedAt) {
        Metadata entries = Metadata.of(AUTHORIZATION, AccessToken.header(token.value()));
        Instant expiresAt = token.expiresAt();
        if (expiresAt == null) {
            return new Kept(entries, null, null);
        }
        Duration lead = Duration.between(fetchedAt, expiresAt).dividedBy(LEAD_PART);
        return new Kept(entries, expiresAt.minus(lead.compareTo(LONGEST_LEAD) < 0 ? lead : LONGEST_LEAD), expiresAt);
    }

    private static Kept await(CompletableFuture<Kept> answer, CredentialsRequest request) throws Exception {
        Duration limit = request.remaining();
        try {
            return limit == null ? answer.get() : answer.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // An interrupt of the thread that asks is none of the thread that waits here.
            if (e.getCause() instanceof Exception failure && !(failure instanceof InterruptedException)) {
                throw failure;
            }
            throw e;
        } catch (TimeoutException e) {
            throw RpcTimeoutException.beforeConnected(
                    "no bearer token came for " + request.call().service() + "."
                            + request.call().method() + " within what the call has of its time",
                    Objects.requireNonNull(limit),
                    e);
        }
    }

    @Override
    public void refused(CallInfo call, Metadata entries) {
        synchronized (this) {
            Kept current = kept;
            // Another call may have had it renewed since this one was sent.
            if (current != null && current.entries().equals(entries)) {
                kept = null;
            }
        }
    }
}
