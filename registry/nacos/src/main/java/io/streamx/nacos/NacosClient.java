package io.streamx.nacos;

import com.alibaba.nacos.api.exception.NacosException;
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

    private synchronized C acquire() throws NacosException {
        C current = client;
        if (current == null) {
            current = connect.make();
            client = current;
        }
        users++;
        return current;
    }

    private synchronized void release() {
        users--;
        C current = client;
        if (users == 0 && current != null) {
            client = null;
            try {
                shutdown.run(current);
            } catch (NacosException e) {
                LOG.warn("a client of Nacos was not closed: {}", e.getErrMsg());
            }
        }
    }

    /** One use, which connects when the client is asked for first. To be closed. */
    Use<C> use() {
        return new Use<>(this);
    }

    /** One use of a client. */
    static final class Use<C> implements AutoCloseable {
        private final NacosClient<C> shared;
        private @Nullable C acquired;
        private boolean closed;

        private Use(NacosClient<C> shared) {
            this.shared = shared;
        }

        /** The client, the same one each time: a client of Nacos that has lost its connection makes it again by itself. */
        synchronized C client() throws NacosException {
            if (closed) {
                throw new NacosException(NacosException.CLIENT_INVALID_PARAM, "closed");
            }
            C current = acquired;
            if (current == null) {
                current = shared.acquire();
                acquired = current;
            }
            return current;
        }

        /** The client if it was asked for; null if not. */
        synchronized @Nullable C current() {
            return acquired;
        }

        /** Returns at once: to close a client of Nacos takes a moment, and one that is being made has to be waited for. */
        @Override
        public void close() {
            Thread.ofVirtual().name("streamx-nacos-close").start(this::end);
        }

        private synchronized void end() {
            if (!closed) {
                closed = true;
                if (acquired != null) {
                    shared.release();
                }
            }
        }
    }
}
