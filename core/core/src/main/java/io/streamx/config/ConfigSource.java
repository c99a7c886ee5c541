package io.streamx.config;

import org.jspecify.annotations.Nullable;

/**
 * A config centre: texts under names, which may change at any time. Safe from any number of threads. A source closes
 * what it holds open with the last of its watches.
 */
@FunctionalInterface
public interface ConfigSource {
    /**
     * Begins to follow one text. Returns at once: the text is told to the listener from threads of the source's own, until the
     * watch is closed. A config centre that cannot be reached is tried again for ever.
     */
    Watch watch(ConfigKey key, Listener listener);

    /** Names the config centre and where the text of {@code key} is, for messages. */
    default String describe(ConfigKey key) {
        return this + " " + key;
    }

    /**
     * Which text, in Kitex' terms.
     *
     * @param client the calling service; empty where the setting is a server's own
     * @param server the called service
     * @param category such as {@code retry}, {@code rpc_timeout}, {@code circuit_break}, {@code limit}
     */
    record ConfigKey(String client, String server, String category) {
        /** Checks the values. */
        public ConfigKey {
            if (server.isBlank() || category.isBlank()) {
                throw new IllegalArgumentException(
                        "config of '" + server + "', '" + category + "' (expected: a server and a category)");
            }
        }
    }

    /** Is told of one text. The calls for one watch do not overlap. */
    interface Listener {
        /** The text as it is now; null where there is none. */
        void onText(@Nullable String text);

        /** The config centre could not be asked, for {@code reason}; it will be tried again. */
        void onUnavailable(String reason);
    }

    /** A text being followed. */
    interface Watch extends AutoCloseable {
        /** Ends the watch; the listener is told nothing more. Repeating this does nothing. */
        @Override
        void close();
    }
}
