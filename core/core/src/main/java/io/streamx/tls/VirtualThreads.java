package io.streamx.tls;

import java.util.concurrent.Executor;

/**
 * Where handshakes compute: signatures take milliseconds, and a user's trust manager may even ask somebody over the
 * network, which no event loop should wait for.
 */
final class VirtualThreads {
    static final Executor EXECUTOR =
            task -> Thread.ofVirtual().name("streamx-tls").start(task);

    private VirtualThreads() {}
}
