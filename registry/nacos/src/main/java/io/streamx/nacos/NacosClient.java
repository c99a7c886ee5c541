package io.streamx.nacos;

import com.alibaba.nacos.api.exception.NacosException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of Nacos, of one of its two kinds, for all that a registry or config centre is asked for: there as long as it is
 * used for anything. Safe from any thread.
 *
 * @param <C> what nacos-client calls it
 */
final class NacosClient<C> {
    private static final Logger LOG = LoggerFactory.getLogger(NacosClient.class);

    private final Connect<C> connect;
    private final Shutdown<C> shutdown;
    private @Nullable C client;
    private int users;
    /**
     * A lock and no monitor: before JDK 24 a virtual thread that connects under a monitor would hold its carrier thread for
     * seconds.
     */
    private final ReentrantLock lock = new ReentrantLock();

    /** Makes a client; takes seconds while Nacos is away. */
    interface Connect<C> {
        C make() throws NacosException;
    }

    /** Closes a client. */
    interface Shutdown<C> {
        void run(C client) throws NacosException;
    }

    NacosClient(Connect<C> connect, Shutdown<C> shutdown) {
        this.connect = connect;
        this.shutdown = shutdown;
    }

    private C acquire() throws NacosException {
        lock.lock();
        try {
            C current = client;
            if (current == null) {
                current = connect.make();
                client = current;
            }
            users++;
            return current;
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            users--;
            C current = client;
            if (users == 0 && current != null) {
                client = null;
                shutdown.run(current);
            }
        } catch (NacosException e) {
            LOG.warn("a client of Nacos was not closed: {}", e.getErrMsg());
        } finally {
            lock.unlock();
        }
    }

    /** Begins a use of the client, which connects when the client is asked for first. The caller closes it. */
    Use<C> use() {
        return new Use<>(this);
    }

    /** One use of a client. */
    static final class Use<C> implements AutoCloseable {
        private final NacosClient<C> shared;
        private final ReentrantLock lock = new ReentrantLock();
        /** Written under the lock, and read without it, since connecting takes its time. */
        private volatile @Nullable C acquired;

        private boolean closed;

        private Use(NacosClient<C> shared) {
            this.shared = shared;
        }

        /** The client. There is one for all calls: a client of Nacos that has lost its connection makes it again by itself. */
        C client() throws NacosException {
            lock.lock();
            try {
                if (closed) {
                    throw new NacosException(NacosException.CLIENT_INVALID_PARAM, "closed");
                }
                C current = acquired;
                if (current == null) {
                    current = shared.acquire();
                    acquired = current;
                }
                return current;
            } finally {
                lock.unlock();
            }
        }

        /** The client if it was asked for; null if not. */
        @Nullable
        C current() {
            return acquired;
        }

        /**
         * Ends this use, and returns at once. A thread of its own does the rest, since closing a client of Nacos takes a moment
         * and one that is being made has to be waited for.
         */
        @Override
        public void close() {
            Thread.ofVirtual().name("streamx-nacos-close").start(this::end);
        }

        private void end() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    if (acquired != null) {
                        shared.release();
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
