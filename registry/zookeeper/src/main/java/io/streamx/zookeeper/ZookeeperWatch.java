package io.streamx.zookeeper;

import io.streamx.discovery.EndlessTask;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.KeeperException;

/** Follows the nodes of one service. */
final class ZookeeperWatch {
    /** How often ZooKeeper is asked although it has told of no change: a connection that hangs tells of none. */
    private static final long QUESTION_SECONDS = 10;

    private final String folder;
    private final CuratorFramework curator;
    private final Resolver.Listener listener;

    private ZookeeperWatch(String folder, CuratorFramework curator, Resolver.Listener listener) {
        this.folder = folder;
        this.curator = curator;
        this.listener = listener;
    }

    static Resolver.Watch start(String service, String folder, SharedCurator shared, Resolver.Listener listener) {
        ZookeeperWatch watch = new ZookeeperWatch(folder, shared.acquire(), listener);
        EndlessTask task = EndlessTask.start(
                "streamx-zookeeper-watch " + service,
                watch::follow,
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                task.close();
                shared.release();
            }
        };
    }

    private void follow(Runnable working) throws Exception {
        SharedCurator.awaitConnected(curator);
        Semaphore changes = new Semaphore(0);
        CuratorWatcher watcher = event -> changes.release();
        ConnectionStateListener states = (client, state) -> changes.release();
        curator.getConnectionStateListenable().addListener(states);
        try {
            while (true) {
                listener.onInstances(instances(watcher));
                working.run();
                while (!changes.tryAcquire(QUESTION_SECONDS, TimeUnit.SECONDS)) {
                    Object unused = curator.checkExists().forPath(folder);
                }
                changes.drainPermits();
                SharedCurator.awaitConnected(curator);
            }
        } finally {
            curator.getConnectionStateListenable().removeListener(states);
        }
    }

    /** The instances that there are now. {@code watcher} is told of the next change. */
    private List<Instance> instances(CuratorWatcher watcher) throws Exception {
        List<Instance> found = new ArrayList<>();
        for (String name : children(watcher)) {
            byte[] data;
            try {
                data = curator.getData().usingWatcher(watcher).forPath(folder + "/" + name);
            } catch (KeeperException.NoNodeException goneMeanwhile) {
                continue;
            }
            try {
                found.add(ZookeeperRecord.read(name, data == null ? new byte[0] : data));
            } catch (IllegalArgumentException e) {
                listener.onSkipped(folder + "/" + name + " = " + shown(data), String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    private List<String> children(CuratorWatcher watcher) throws Exception {
        try {
            return curator.getChildren().usingWatcher(watcher).forPath(folder);
        } catch (KeeperException.NoNodeException noServerYet) {
            if (curator.checkExists().usingWatcher(watcher).forPath(folder) == null) {
                return List.of();
            }
            return curator.getChildren().usingWatcher(watcher).forPath(folder);
        }
    }

    private static String shown(byte[] data) {
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
