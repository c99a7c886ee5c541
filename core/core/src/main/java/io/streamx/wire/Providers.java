package io.streamx.wire;

import io.streamx.PingPong;
import io.streamx.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The wire modules on the class path. */
public final class Providers {
    private static final List<TransportProvider> ALL = load();

    private Providers() {}

    private static List<TransportProvider> load() {
        List<TransportProvider> found = new ArrayList<>();
        ServiceLoader.load(TransportProvider.class, Providers.class.getClassLoader())
                .forEach(found::add);
        return List.copyOf(found);
    }

    /** Whether a module on the class path carries streams over that transport. */
    public static boolean hasStreams(Transport transport) {
        return ALL.stream().anyMatch(provider -> provider.streams(transport) != null);
    }

    /**
     * What makes streams over {@code transport}.
     *
     * @throws IllegalStateException when no module carries it, naming the artifact to add
     */
    public static StreamProtocol streams(Transport transport) {
        for (TransportProvider provider : ALL) {
            StreamProtocol protocol = provider.streams(transport);
            if (protocol != null) {
                return protocol;
            }
        }
        throw new IllegalStateException(
                "transport " + transport + " is not on the class path: add io.streamx:" + transport.artifact());
    }

    /**
     * What makes unary calls on {@code carrier}.
     *
     * @throws IllegalStateException when no module carries it, naming the artifact to add
     */
    public static UnaryProtocol unary(PingPong carrier) {
        for (TransportProvider provider : ALL) {
            UnaryProtocol protocol = provider.unary(carrier);
            if (protocol != null) {
                return protocol;
            }
        }
        throw new IllegalStateException(
                "carrier " + carrier + " is not on the class path: add io.streamx:streamx-ttheader");
    }

    /**
     * All protocols that a server with these options serves.
     *
     * @throws IllegalStateException when there is none, naming an artifact to add
     */
    public static List<ServerProtocol> servers(TransportOptionsByType options) {
        List<ServerProtocol> protocols = new ArrayList<>();
        for (TransportProvider provider : ALL) {
            protocols.addAll(provider.servers(options));
        }
        if (protocols.isEmpty()) {
            throw new IllegalStateException("no transport is on the class path: add io.streamx:streamx-ttheader");
        }
        return protocols;
    }
}
