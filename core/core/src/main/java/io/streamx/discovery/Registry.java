package io.streamx.discovery;

/**
 * Where a server makes itself known. Safe from any number of threads; one registry may serve many servers. A registry
 * closes what it holds open with the last of its registrations.
 */
@FunctionalInterface
public interface Registry {
    /**
     * Puts an instance into the registry and keeps it there. Returns at once: a registry that cannot be reached is tried
     * again for ever, and a record that got lost there is put back.
     *
     * @param service the name under which clients look for the instance
     * @param self an address that clients can reach; never the wildcard address
     * @throws IllegalArgumentException for a name that this registry cannot hold
     */
    Registration register(String service, Instance self);

    /** An instance that is kept in a registry. */
    interface Registration extends AutoCloseable {
        /**
         * Takes the instance out of the registry. Returns when the instance is gone, or when the registry did not
         * answer for 3 s; a record that is left there then ends by itself. Repeating this does nothing.
         */
        @Override
        void close();
    }
}
