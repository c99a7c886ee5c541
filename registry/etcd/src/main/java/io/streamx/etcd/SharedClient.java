package io.streamx.etcd;

import io.etcd.jetcd.Client;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection for all that a registry is used for, there as long as it is used for anything, and made anew while etcd does
 * not answer: gRPC below jetcd waits up to two minutes before it tries an address again that it could not connect to for a
 * while, jetcd has no setting for that, and a new client tries at once. Safe from any thread.
 */
final class SharedClient {
    /** How long an answer is waited for. An etcd that answers at all answers sooner. */
    private static final long ANSWER_SECONDS = 5;
    /**
     * How old a client has to be before a new one is made in its place. In this time a client has tried several times by
     * itself.
     */
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private final Supplier<Client> connect;
    private @Nullable Client client;
    private long madeNanos;
    private int users;

    SharedClient(Supplier<Client> connect) {
        this.connect = connect;
    }

    /** What is done with a connection. */
    interface Attempt {
        void run(Client client) throws Exception;
    }

    /** Counts one more user of the connection, who has to call {@link #release}. */
    synchronized void acquire() {
        users++;
    }

    /** Counts one user less. The connection of the last one is closed. */
    synchronized void release() {
        users--;
        if (users == 0) {
            drop();
        }
    }

    /**
     * Does something with the connection, for a user who has acquired it. When etcd does not answer, a later attempt gets a new
     * connection.
     */
    void attempt(Attempt attempt) throws Exception {
        Client used = current();
        try {
            attempt.run(used);
        } catch (Exception failure) {
            if (isOfConnection(failure)) {
                renew(used);
            }
            if (isOf(failure, Status.Code.UNAUTHENTICATED)) {
                // The error of jetcd is one word, which does not say what was refused.
                throw new IOException("the user or the password is refused (UNAUTHENTICATED)", failure);
            }
            throw failure;
        }
    }

    private synchronized Client current() {
        if (users == 0) {
            throw new IllegalStateException("closed");
        }
        Client current = client;
        if (current == null) {
            current = connect.get();
            client = current;
            madeNanos = System.nanoTime();
        }
        return current;
    }

    @SuppressWarnings("ReferenceEquality") // whether this very client is still the one in use
    private synchronized void renew(Client used) {
        if (client == used && System.nanoTime() - madeNanos >= RENEWAL.toNanos()) {
            drop();
        }
    }

    private void drop() {
        Client before = client;
        client = null;
        if (before != null) {
            Thread.ofVirtual().name("streamx-etcd-close").start(before::close);
        }
    }

    private static boolean isOfConnection(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return true;
            }
        }
        return isOf(failure, Status.Code.UNAVAILABLE);
    }

    /** jetcd throws what gRPC throws, as it is or as the cause of its own. */
    private static boolean isOf(Throwable failure, Status.Code code) {
        return Status.fromThrowable(failure).getCode() == code;
    }

    /**
     * What etcd answers.
     *
     * @throws TimeoutException when it does not
     */
    static <T> T await(CompletableFuture<T> answer) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            TimeoutException said = new TimeoutException("no answer within " + ANSWER_SECONDS + " s");
            said.initCause(e);
            throw said;
        }
    }
}
