package io.streamx.tls;

import java.util.concurrent.Executor;

/**
 * The threads on which handshakes compute. Signatures take milliseconds, and a user's trust manager may even ask
 * somebody over the network; no event loop should wait for that.
 */
final class VirtualThreads {
    static final Executor EXECUTOR =
            task -> Thread.ofVirtual().name("streamx-tls").start(task);

    private VirtualThreads() {}
}
