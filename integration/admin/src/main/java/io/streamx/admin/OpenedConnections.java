package io.streamx.admin;

import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections that are open now. Any thread. */
final class OpenedConnections implements ConnectionListener {
    private final Set<ConnectionInfo> open = ConcurrentHashMap.newKeySet();

    /** All that are open now, in no order. */
    Collection<ConnectionInfo> all() {
        return open;
    }

    @Override
    public void onOpen(ConnectionInfo connection) {
        open.add(connection);
    }

    @Override
    public void onClose(ConnectionInfo connection, String reason) {
        open.remove(connection);
    }
}
