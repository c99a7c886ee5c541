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
            // The process is ending already. A server that is started now ends with it.
        }
        return new CloseAtExit(hook);
    }

    /** To be called when the server has been closed, so that nothing is left to do at the end of the process. */
    void forget() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException processEnds) {
            // The process is ending already: the hook itself closes the server, or waits for whoever does.
        }
    }
}
