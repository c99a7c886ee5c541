package io.streamx.etcd;

import static io.streamx.etcd.SharedClient.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A key that is there for as long as its lease is kept alive. For one thread at a time. */
final class EtcdLease {
    private static final long NO_LEASE = 0;

    private final ByteSequence key;
    private final ByteSequence value;
    private final Duration timeToLive;
    private volatile long lease = NO_LEASE;

    EtcdLease(ByteSequence key, ByteSequence value, Duration timeToLive) {
        this.key = key;
        this.value = value;
        this.timeToLive = timeToLive;
    }

    /** Puts the key there and keeps it; returns when it was deleted or its lease is gone, and throws when etcd does not answer. */
    void hold(Client client, Runnable working) throws Exception {
        long granted =
                await(client.getLeaseClient().grant(timeToLive.toSeconds())).getID();
        lease = granted;
        long revision = await(client.getKVClient()
                        .put(
                                key,
                                value,
                                PutOption.builder().withLeaseId(granted).build()))
                .getHeader()
                .getRevision();
        working.run();
        CompletableFuture<Void> deleted = new CompletableFuture<>();
        WatchOption afterwards =
                WatchOption.builder().withRevision(revision + 1).withNoPut(true).build();
        try (Watch.Watcher watcher = client.getWatchClient()
                .watch(
                        key,
                        afterwards,
                        response -> {
                            for (WatchEvent event : response.getEvents()) {
                                if (event.getEventType() == WatchEvent.EventType.DELETE) {
                                    deleted.complete(null);
                                }
                            }
                        },
                        deleted::completeExceptionally,
                        () -> deleted.complete(null))) {
            while (!isDoneWithin(deleted, timeToLive.dividedBy(3))) {
                if (await(client.getLeaseClient().keepAliveOnce(granted)).getTTL() <= 0) {
                    return;
                }
            }
        }
    }

    private static boolean isDoneWithin(CompletableFuture<Void> deleted, Duration time) throws Exception {
        try {
            deleted.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        }
    }

    /** Deletes the key, and revokes its lease. */
    void remove(Client client) throws Exception {
        await(client.getKVClient().delete(key));
        if (lease != NO_LEASE) {
            await(client.getLeaseClient().revoke(lease));
        }
    }
}
