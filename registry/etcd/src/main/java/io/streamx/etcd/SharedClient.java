package io.streamx.etcd;

import io.etcd.jetcd.Client;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection for all that a registry is used for, there as long as it is used for anything. Safe from any thread. */
final class SharedClient {
    /** An etcd that answers at all answers sooner. */
    private static final long ANSWER_SECONDS = 5;

    private final Supplier<Client> connect;
    private @Nullable Client client;
    private int users;

    SharedClient(Supplier<Client> connect) {
        this.connect = connect;
    }

    /** The connection, to be released. */
    synchronized Client acquire() {
        Client current = client;
        if (current == null) {
            current = connect.get();
            client = current;
        }
        users++;
        return current;
    }

    /** One use less. */
    synchronized void release() {
        users--;
        Client current = client;
        if (users == 0 && current != null) {
            client = null;
            current.close();
        }
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
