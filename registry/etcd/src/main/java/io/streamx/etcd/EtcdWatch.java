package io.streamx.etcd;

import static io.streamx.etcd.SharedClient.await;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.streamx.discovery.EndlessTask;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Follows the keys of one service. */
final class EtcdWatch {
    /**
     * How often etcd is asked something, which is as often as Kitex asks. jetcd waits silently for an etcd that is away, and
     * only a question tells that it is.
     */
    private static final long QUESTION_SECONDS = 5;

    private final String folder;
    private final Resolver.Listener listener;
    /** The records by key, as last heard. */
    private final Map<String, String> records = new TreeMap<>();

    private EtcdWatch(String folder, Resolver.Listener listener) {
        this.folder = folder;
        this.listener = listener;
    }

    static Resolver.Watch start(String service, String folder, SharedClient shared, Resolver.Listener listener) {
        shared.acquire();
        EtcdWatch watch = new EtcdWatch(folder, listener);
        EndlessTask task = EndlessTask.start(
                "streamx-etcd-watch " + service,
                working -> shared.attempt(client -> watch.follow(client, working)),
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                task.close();
                shared.release();
            }
        };
    }

    /** What jetcd reports: an answer, or why there are no more. */
    private record Heard(
            @Nullable WatchResponse response, @Nullable Throwable failure) {}

    private void follow(Client client, Runnable working) throws Exception {
        GetResponse all = await(client.getKVClient()
                .get(
                        EtcdRegistry.bytes(folder),
                        GetOption.builder().isPrefix(true).build()));
        records.clear();
        for (KeyValue record : all.getKvs()) {
            records.put(
                    record.getKey().toString(StandardCharsets.UTF_8),
                    record.getValue().toString(StandardCharsets.UTF_8));
        }
        tell();
        working.run();
        BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
        WatchOption afterwards = WatchOption.builder()
                .isPrefix(true)
                .withRevision(all.getHeader().getRevision() + 1)
                .build();
        try (Watch.Watcher watcher = client.getWatchClient()
                .watch(
                        EtcdRegistry.bytes(folder),
                        afterwards,
                        response -> heard.add(new Heard(response, null)),
                        failure -> heard.add(new Heard(null, failure)),
                        () -> heard.add(new Heard(null, new IOException("etcd ended the watch"))))) {
            while (true) {
                Heard next = heard.poll(QUESTION_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    if (isOutOfDate(client, heard)) {
                        return;
                    }
                } else if (next.response() != null) {
                    apply(next.response());
                } else if (next.failure() != null) {
                    throw new IOException(EndlessTask.reason(next.failure()), next.failure());
                }
            }
        }
    }

    /** Whether etcd has another number of records than was heard of; throws when etcd does not answer. */
    private boolean isOutOfDate(Client client, BlockingQueue<Heard> heard) throws Exception {
        long count = await(client.getKVClient()
                        .get(
                                EtcdRegistry.bytes(folder),
                                GetOption.builder()
                                        .isPrefix(true)
                                        .withCountOnly(true)
                                        .build()))
                .getCount();
        return count != records.size() && heard.isEmpty();
    }

    private void apply(WatchResponse response) {
        for (WatchEvent event : response.getEvents()) {
            String key = event.getKeyValue().getKey().toString(StandardCharsets.UTF_8);
            if (event.getEventType() == WatchEvent.EventType.DELETE) {
                records.remove(key);
            } else {
                records.put(key, event.getKeyValue().getValue().toString(StandardCharsets.UTF_8));
            }
        }
        if (!response.getEvents().isEmpty()) {
            tell();
        }
    }

    private void tell() {
        List<Instance> instances = new ArrayList<>();
        records.forEach((key, value) -> {
            try {
                instances.add(EtcdRecord.read(value));
            } catch (IllegalArgumentException e) {
                listener.onSkipped(key + " = " + shortened(value), String.valueOf(e.getMessage()));
            }
        });
        listener.onInstances(instances);
    }

    private static String shortened(String value) {
        return value.length() <= 200 ? value : value.substring(0, 200) + "...";
    }
}
