package io.streamx.zookeeper;

import io.streamx.discovery.Address;
import java.util.concurrent.CountDownLatch;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.curator.utils.ZKPaths;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/** A node that is there for as long as the session that made it. For one thread at a time. */
final class ZookeeperNode {
    private final CuratorFramework curator;
    private final String path;
    private final byte[] data;

    ZookeeperNode(CuratorFramework curator, String folder, Address address, byte[] data) {
        this.curator = curator;
        path = ZKPaths.makePath(folder, address.toString());
        this.data = data;
    }

    /** Makes the node and keeps it; returns when it was deleted or its session is lost. */
    void hold(Runnable working) throws Exception {
        SharedCurator.awaitConnected(curator);
        CountDownLatch gone = new CountDownLatch(1);
        ConnectionStateListener lost = (client, state) -> {
            if (state == ConnectionState.LOST) {
                gone.countDown();
            }
        };
        curator.getConnectionStateListenable().addListener(lost);
        try {
            create();
            working.run();
            CuratorWatcher changed = event -> gone.countDown();
            if (curator.checkExists().usingWatcher(changed).forPath(path) != null) {
                gone.await();
            }
        } finally {
            curator.getConnectionStateListenable().removeListener(lost);
        }
    }

    /**
     * Makes the node. A server that was restarted finds the node of its earlier process, which would vanish with that process'
     * session. So that node is deleted first.
     */
    private void create() throws Exception {
        Stat there = curator.checkExists().forPath(path);
        if (there != null) {
            if (there.getEphemeralOwner() == session()) {
                Stat unused = curator.setData().forPath(path, data);
                return;
            }
            curator.delete().quietly().forPath(path);
        }
        try {
            String unused = curator.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath(path, data);
        } catch (KeeperException.NodeExistsException e) {
            // The answer to an earlier attempt to make the node may have been lost on its way. The next attempt
            // looks whose node it is.
            throw new IllegalStateException("node " + path + " appeared meanwhile", e);
        }
    }

    private long session() throws Exception {
        return curator.getZookeeperClient().getZooKeeper().getSessionId();
    }

    /** Deletes the node if this session has made it. */
    void remove() throws Exception {
        Stat there = curator.checkExists().forPath(path);
        if (there != null && there.getEphemeralOwner() == session()) {
            curator.delete().quietly().forPath(path);
        }
    }
}
