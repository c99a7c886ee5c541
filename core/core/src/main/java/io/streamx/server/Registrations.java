package io.streamx.server;

import io.streamx.discovery.AdvertisedAddress;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The registrations of a server, which last for as long as the server takes calls. Safe from any thread. */
final class Registrations implements AutoCloseable {
    private final List<Registry.Registration> all = new ArrayList<>();

    private Registrations() {}

    /**
     * Registers a server that listens.
     *
     * @param firstService its IDL name, under which the server is found when the advertisement has no other
     * @throws IllegalArgumentException for an address or a name that cannot be registered; nothing is registered then
     */
    static Registrations begin(
            List<Registry> registries, Advertisement self, String firstService, Listening listening) {
        Registrations made = new Registrations();
        if (registries.isEmpty()) {
            return made;
        }
        InetSocketAddress listened = listening.address();
        String service = self.service() == null ? firstService : self.service();
        Instance instance = Instance.at(
                        AdvertisedAddress.find(self.address(), listened.getAddress(), listened.getPort()))
                .withWeight(self.weight())
                .withTags(self.tags());
        try {
            for (Registry registry : registries) {
                made.all.add(registry.register(service, instance));
            }
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        return made;
    }

    /** Takes the server out of all registries at once, so that one that does not answer holds up no other. */
    @Override
    public void close() {
        List<Thread> closing = new ArrayList<>();
        for (Registry.Registration one : all) {
            closing.add(Thread.ofVirtual().name("streamx-deregister").start(one::close));
        }
        boolean interrupted = false;
        for (Thread thread : closing) {
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    // This waits on, since each registration ends within a time of its own.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
