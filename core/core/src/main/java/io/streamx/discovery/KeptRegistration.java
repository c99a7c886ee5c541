package io.streamx.discovery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a {@link Registry.Registration} that all registries share. It tries for ever, logs once that it does not
 * succeed and once that it does, and takes the record out in the end. Safe from any thread.
 */
public final class KeptRegistration implements Registry.Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final Duration REMOVAL_TIMEOUT = Duration.ofSeconds(3);

    private final String what;
    private final Removal removal;
    private final Runnable released;
    private final EndlessTask task;
    private boolean closed;

    /** Takes a record out of a registry. */
    @FunctionalInterface
    public interface Removal {
        /** Takes the record out. Returns when the record is gone, and does nothing where there is none. */
        void run() throws Exception;
    }

    /** What was last said in the log. */
    private enum Said {
        NOTHING,
        REGISTERED,
        FAILING
    }

    private static final class Log {
        private final String what;
        private Said said = Said.NOTHING;

        Log(String what) {
            this.what = what;
        }

        synchronized void registered() {
            if (said != Said.REGISTERED) {
                LOG.info("{}: registered", what);
                said = Said.REGISTERED;
            }
        }

        synchronized void failed(Throwable failure) {
            if (said != Said.FAILING) {
                LOG.warn("{}: not registered, and tried again until it is: {}", what, EndlessTask.reason(failure));
                said = Said.FAILING;
            }
        }
    }

    private KeptRegistration(String what, EndlessTask.Attempt attempt, Removal removal, Runnable released) {
        this.what = what;
        this.removal = removal;
        this.released = released;
        Log log = new Log(what);
        task = EndlessTask.start(
                "streamx-register " + what,
                working -> attempt.run(() -> {
                    working.run();
                    log.registered();
                }),
                log::failed);
    }

    /**
     * Starts to register.
     *
     * @param registry where the server registers, for the log
     * @param attempt registers, runs its argument, and returns or throws when the record may be gone
     * @param removal takes the record out, also after an attempt that was interrupted
     * @param released is run last, when nothing of this registration uses the registry any more
     */
    public static KeptRegistration start(
            String registry,
            String service,
            Instance self,
            EndlessTask.Attempt attempt,
            Removal removal,
            Runnable released) {
        return new KeptRegistration(service + " at " + self.address() + " in " + registry, attempt, removal, released);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        task.close();
        CompletableFuture<Void> removed = new CompletableFuture<>();
        Thread remover = Thread.ofVirtual().name("streamx-deregister " + what).start(() -> {
            try {
                removal.run();
                removed.complete(null);
            } catch (Throwable t) {
                removed.completeExceptionally(t);
            }
        });
        try {
            removed.get(REMOVAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("{}: deregistered", what);
        } catch (ExecutionException e) {
            LOG.warn("{}: could not be deregistered: {}", what, EndlessTask.reason(e));
        } catch (TimeoutException e) {
            LOG.warn("{}: not deregistered within {} ms", what, REMOVAL_TIMEOUT.toMillis());
            remover.interrupt();
        } catch (InterruptedException e) {
            remover.interrupt();
            Thread.currentThread().interrupt();
        } finally {
            released.run();
        }
    }
}
