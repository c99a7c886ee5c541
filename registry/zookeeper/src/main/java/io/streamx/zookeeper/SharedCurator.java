package io.streamx.zookeeper;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.jspecify.annotations.Nullable;

/** One connection for all that a registry is used for, there as long as it is used for anything. Safe from any thread. */
final class SharedCurator {
    private static final int CONNECT_SECONDS = 5;

    private final Supplier<CuratorFramework> connect;
    private @Nullable CuratorFramework curator;
    private int users;

    SharedCurator(Supplier<CuratorFramework> connect) {
        this.connect = connect;
    }

    /** The connection. Whoever has asked for it calls {@link #release} when it is not needed any more. */
    synchronized CuratorFramework acquire() {
        CuratorFramework current = curator;
        if (current == null) {
            current = connect.get();
            curator = current;
        }
        users++;
        return current;
    }

    /** Says that somebody who has asked for the connection does not need it any more. */
    synchronized void release() {
        users--;
        CuratorFramework current = curator;
        if (users == 0 && current != null) {
            curator = null;
            current.close();
        }
    }

    /**
     * Waits for the connection.
     *
     * @throws IOException when there is none for 5 s
     */
    static void awaitConnected(CuratorFramework curator) throws IOException, InterruptedException {
        if (!curator.blockUntilConnected(CONNECT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("no connection within " + CONNECT_SECONDS + " s");
        }
    }
}
