package io.streamx.etcd;

import static io.streamx.etcd.SharedClient.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.WatchOption;
import io.streamx.config.ConfigSource;
import io.streamx.discovery.EndlessTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * etcd as a config centre, with the keys of Kitex' config-etcd: {@code /KitexConfig/<client>/<server>/<category>}, and
 * {@code /KitexConfig/<server>/<category>} for what is a server's own. Immutable settings, safe from any thread; connects with
 * the first watch and disconnects with the last, so there is nothing to close.
 *
 * <p>Source: config-etcd v0.2.0.
 */
public final class EtcdConfig implements ConfigSource {
    private static final String PREFIX = "/KitexConfig";
    /**
     * How often etcd is asked something. jetcd waits silently for an etcd that is away, and only a question tells that it is.
     */
    private static final long QUESTION_SECONDS = 5;

    private final List<String> endpoints;
    private final String prefix;
    private final UnaryOperator<ClientBuilder> more;
    private final SharedClient client;

    private EtcdConfig(List<String> endpoints, String prefix, UnaryOperator<ClientBuilder> more) {
        this.endpoints = endpoints;
        this.prefix = prefix;
        this.more = more;
        client = new SharedClient(() -> more.apply(Client.builder().endpoints(endpoints.toArray(String[]::new)))
                .build());
    }

    /** The etcd at those endpoints, {@code http://host:port} each. */
    public static EtcdConfig of(String... endpoints) {
        EtcdRegistry.checkEndpoints(endpoints);
        return new EtcdConfig(List.of(endpoints), PREFIX, UnaryOperator.identity());
    }

    /** A config centre whose keys all begin with {@code newPrefix} instead of {@code /KitexConfig}. */
    public EtcdConfig withPrefix(String newPrefix) {
        return new EtcdConfig(endpoints, newPrefix, more);
    }

    /**
     * A config centre with whatever else jetcd can be told, such as a password or TLS. The operator is called whenever a
     * connection is to be made.
     */
    public EtcdConfig withClient(UnaryOperator<ClientBuilder> newMore) {
        return new EtcdConfig(endpoints, prefix, newMore);
    }

    private String key(ConfigKey key) {
        return prefix + (key.client().isEmpty() ? "" : "/" + key.client()) + "/" + key.server() + "/" + key.category();
    }

    @Override
    public Watch watch(ConfigKey key, Listener listener) {
        String path = key(key);
        client.acquire();
        EndlessTask task = EndlessTask.start(
                "streamx-etcd-config " + path,
                working -> client.attempt(connected -> follow(connected, EtcdRegistry.bytes(path), listener, working)),
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                task.close();
                client.release();
            }
        };
    }

    private static void follow(Client connected, ByteSequence key, Listener listener, Runnable working)
            throws Exception {
        GetResponse now = await(connected.getKVClient().get(key));
        long revision = now.getHeader().getRevision();
        listener.onText(text(now));
        working.run();
        Semaphore changes = new Semaphore(0);
        AtomicBoolean ended = new AtomicBoolean();
        Runnable end = () -> {
            ended.set(true);
            changes.release();
        };
        try (io.etcd.jetcd.Watch.Watcher watcher = connected
                .getWatchClient()
                .watch(
                        key,
                        WatchOption.builder().withRevision(revision + 1).build(),
                        response -> changes.release(),
                        failure -> end.run(),
                        end)) {
            while (true) {
                boolean changed = changes.tryAcquire(QUESTION_SECONDS, TimeUnit.SECONDS);
                GetResponse newest = await(connected.getKVClient().get(key));
                if (changed) {
                    changes.drainPermits();
                    listener.onText(text(newest));
                }
                if (ended.get()) {
                    throw new IOException("etcd ended the watch");
                }
            }
        }
    }

    private static @Nullable String text(GetResponse found) {
        List<KeyValue> values = found.getKvs();
        return values.isEmpty() ? null : values.getFirst().getValue().toString(StandardCharsets.UTF_8);
    }

    @Override
    public String describe(ConfigKey key) {
        return this + " " + key(key);
    }

    @Override
    public String toString() {
        return "etcd " + String.join(",", endpoints);
    }
}
