package io.streamx.resilience;

import io.streamx.config.ConfigSource;
import io.streamx.config.ConfigSource.ConfigKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies that follow a config centre: each document that changes is in force from the next call on, one that is deleted
 * brings back what was given to {@link Resilience#of}, and one that cannot be read changes nothing and is one line in the
 * log. Safe from any thread; {@link #close} ends the following and leaves the policies as they are.
 */
public final class LivePolicies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resilience.class);

    private final Resilience resilience;
    private final List<ConfigSource.Watch> watches = new ArrayList<>();
    private Policies current = Policies.NONE;

    private LivePolicies(Resilience resilience) {
        this.resilience = resilience;
    }

    /**
     * Follows what the config centre has for that client of that server: retry, timeouts, breakers and degradation.
     *
     * @param client the name of the calling service
     * @param server the name of the called service
     */
    public static LivePolicies ofClient(Resilience resilience, ConfigSource source, String client, String server) {
        LivePolicies live = new LivePolicies(resilience);
        for (String category :
                List.of(KitexPolicies.RETRY, KitexPolicies.TIMEOUT, KitexPolicies.BREAKER, KitexPolicies.DEGRADATION)) {
            live.follow(source, new ConfigKey(client, server, category));
        }
        return live;
    }

    /** Follows what the config centre has for that server: its limit. */
    public static LivePolicies ofServer(Resilience resilience, ConfigSource source, String server) {
        LivePolicies live = new LivePolicies(resilience);
        live.follow(source, new ConfigKey("", server, KitexPolicies.LIMIT));
        return live;
    }

    private void follow(ConfigSource source, ConfigKey key) {
        String where = source.describe(key);
        watches.add(source.watch(key, new ConfigSource.Listener() {
            // The last failure that was logged, so that one that lasts is logged once.
            private @Nullable String away;

            private @Nullable String last;

            @Override
            public void onText(@Nullable String text) {
                if (away != null) {
                    LOG.info("{}: can be asked again", where);
                    away = null;
                } else if (text != null && text.equals(last)) {
                    return;
                }
                last = text;
                apply(where, key.category(), text);
            }

            @Override
            public void onUnavailable(String reason) {
                if (away == null) {
                    LOG.warn(
                            "{}: cannot be asked, and is tried again until it can; policies stay as they are: {}",
                            where,
                            reason);
                    away = reason;
                }
            }
        }));
    }

    private synchronized void apply(String where, String category, @Nullable String text) {
        try {
            current = KitexPolicies.with(current, category, text);
            resilience.override(current);
            LOG.info("{}: {}", where, text == null ? "no document" : "in force");
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: changes nothing, because it cannot be read: {}", where, e.getMessage());
        }
    }

    @Override
    public void close() {
        watches.forEach(ConfigSource.Watch::close);
    }
}
