package io.streamx.server;

/**
 * Closes a server when the process is told to end, by SIGTERM or otherwise: running calls finish within the server's
 * window, and clients hear of the end before its port is gone.
 */
final class CloseAtExit {
    private final Thread hook;

    private CloseAtExit(Thread hook) {
        this.hook = hook;
    }

    static CloseAtExit of(Server server) {
        Thread hook = Thread.ofPlatform().name("streamx-close-at-exit").unstarted(server::close);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException processEnds) {
            // A server that is started now ends with the process.
        }
        return new CloseAtExit(hook);
    }

    /** The server was closed before. */
    void forget() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException processEnds) {
            // The hook is what closes the server, or waits for who does.
        }
    }
}
