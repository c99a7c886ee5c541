package io.streamx.server;

/**
 * Closes a server when the process is told to end, by SIGTERM or otherwise, so that clients hear of it before its port is
 * gone. For servers in a registry: others may be left to end with the process.
 */
final class CloseAtExit {
    private final Thread hook;

    private CloseAtExit(Thread hook) {
        this.hook = hook;
    }

    static CloseAtExit of(Server server) {
        Thread hook = Thread.ofPlatform().name("streamx-close-at-exit").unstarted(server::close);
        Runtime.getRuntime().addShutdownHook(hook);
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
