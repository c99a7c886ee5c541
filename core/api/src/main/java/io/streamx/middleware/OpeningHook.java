package io.streamx.middleware;

/**
 * Adds entries of its own to what opens a stream: on TTHeader to the Header frame; on gRPC to the headers of the
 * request, also that of a unary call. A hook runs on the caller's thread. An exception that it throws is the outcome of
 * opening the stream, or of the call.
 *
 * <p>Source: kitex pkg/remote/trans/ttstream/client_handler_option.go.
 */
@FunctionalInterface
public interface OpeningHook {
    /** Called once for each stream, before it is opened, and for each unary call on gRPC. */
    void onOpen(ClientCall call, Entries entries);

    /**
     * Where to put the entries. A later entry replaces an earlier one of the same key; the framework's own entries, the
     * service's name and metainfo, replace all.
     */
    interface Entries {
        /** A text entry. */
        void put(String key, String value);

        /**
         * A TTHeader integer entry.
         *
         * @param key 0 to 65535, but for 9 and 27, which belong to the framework
         * @throws IllegalArgumentException naming another key
         */
        void put(int key, String value);
    }
}
