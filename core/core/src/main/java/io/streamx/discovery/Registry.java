package io.streamx.discovery;

/**
 * Where a server makes itself known. Safe from any number of threads; one registry may serve many servers. What a registry
 * holds open it closes with the last of its registrations.
 */
@FunctionalInterface
public interface Registry {
    /**
     * Puts an instance into the registry and keeps it there. Returns at once: a registry that cannot be reached is tried
     * again for ever, and a record that got lost there is put back.
     *
     * @param service the name under which clients look for it
     * @param self an address that clients can reach; never the wildcard address
     * @throws IllegalArgumentException for a name that this registry cannot hold
     */
    Registration register(String service, Instance self);

    /** An instance that is kept in a registry. */
    interface Registration extends AutoCloseable {
        /**
         * Takes the instance out. Returns when it is gone, or when the registry did not answer for 3 s; what is left there
         * then ends by itself. Repeating it does nothing.
         */
        @Override
        void close();
    }
}
