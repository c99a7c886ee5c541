package io.streamx.nacos;

import com.alibaba.nacos.api.config.ConfigFactory;
import com.alibaba.nacos.api.config.ConfigService;
import com.alibaba.nacos.api.config.listener.AbstractListener;
import io.streamx.config.ConfigSource;
import io.streamx.discovery.EndlessTask;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Nacos as a config centre, with the data ids of Kitex' config-nacos: {@code <client>.<server>.<category>}, and
 * {@code <server>.<category>} for what is a server's own, in the group {@code DEFAULT_GROUP} of the public namespace. Immutable
 * settings, safe from any thread; connects with the first watch and disconnects with the last, so there is nothing to close.
 *
 * <p>Source: config-nacos v0.4.0.
 */
public final class NacosConfig implements ConfigSource {
    private static final long ANSWER_MILLIS = 5000;
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final String UP = "UP";

    private final NacosSettings settings;
    private final Duration look;
    private final NacosClient<ConfigService> config;

    private NacosConfig(NacosSettings settings, Duration look) {
        this.settings = settings;
        this.look = look;
        config = new NacosClient<>(
                () -> ConfigFactory.createConfigService(settings.properties()), ConfigService::shutDown);
    }

    /**
     * The Nacos at those addresses.
     *
     * @param servers {@code host:port} each, of the HTTP API
     * @throws IllegalArgumentException naming an address that is none
     */
    public static NacosConfig of(String... servers) {
        return new NacosConfig(NacosSettings.of(servers), LOOK);
    }

    /** A config centre in the namespace with this id instead of the public one. */
    public NacosConfig withNamespace(String namespace) {
        return new NacosConfig(settings.withNamespace(namespace), look);
    }

    /** A config centre in this group instead of {@code DEFAULT_GROUP}. */
    public NacosConfig withGroup(String group) {
        return new NacosConfig(settings.withGroup(group), look);
    }

    /** A config centre that logs in with this name and password. */
    public NacosConfig withUser(String user, String password) {
        return new NacosConfig(settings.withUser(user, password), look);
    }

    /**
     * A config centre with whatever else nacos-client can be told, such as TLS. The operator is called whenever a connection is
     * to be made.
     */
    public NacosConfig withClient(UnaryOperator<Properties> more) {
        return new NacosConfig(settings.withClient(more), look);
    }

    /** A config centre that looks at this interval whether Nacos can be reached; 5 s when not set. */
    NacosConfig withLook(Duration interval) {
        return new NacosConfig(settings, interval);
    }

    private static String dataId(ConfigKey key) {
        return (key.client().isEmpty() ? "" : key.client() + ".") + key.server() + "." + key.category();
    }

    @Override
    public Watch watch(ConfigKey key, Listener listener) {
        String dataId = dataId(key);
        NacosClient.Use<ConfigService> use = config.use();
        EndlessTask task = EndlessTask.start(
                "streamx-nacos-config " + dataId,
                working -> follow(use.client(), dataId, listener, working),
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        return () -> {
            task.close();
            use.close();
        };
    }

    private void follow(ConfigService client, String dataId, Listener listener, Runnable working) throws Exception {
        BlockingQueue<Optional<String>> changes = new LinkedBlockingQueue<>();
        AbstractListener queueing = new AbstractListener() {
            @Override
            public void receiveConfigInfo(@Nullable String text) {
                changes.add(present(text));
            }
        };
        // Unlike getConfig this asks Nacos itself, and never answers from what was kept on the disk.
        Optional<String> now =
                present(client.getConfigAndSignListener(dataId, settings.group(), ANSWER_MILLIS, queueing));
        try {
            while (true) {
                listener.onText(now.orElse(null));
                working.run();
                Optional<String> next = changes.poll(look.toMillis(), TimeUnit.MILLISECONDS);
                while (next == null) {
                    if (!client.getServerStatus().equals(UP)) {
                        throw new IOException("the connection was lost");
                    }
                    next = changes.poll(look.toMillis(), TimeUnit.MILLISECONDS);
                }
                now = next;
            }
        } finally {
            client.removeListener(dataId, settings.group(), queueing);
        }
    }

    private static Optional<String> present(@Nullable String text) {
        return Optional.ofNullable(text);
    }

    @Override
    public String describe(ConfigKey key) {
        return this + " " + dataId(key);
    }

    @Override
    public String toString() {
        return settings + " group " + settings.group();
    }
}
