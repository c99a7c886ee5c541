package io.streamx.discovery;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The address that a server registers. It is never the wildcard address, which nobody can connect to.
 *
 * <p>Source: kitex pkg/utils/env_config.go for the two variables.
 */
public final class AdvertisedAddress {
    static final String IP_VARIABLE = "KITEX_IP_TO_REGISTRY";
    static final String PORT_VARIABLE = "KITEX_PORT_TO_REGISTRY";

    private AdvertisedAddress() {}

    /**
     * Finds the address that others can reach this server at.
     *
     * @param given what the user set: {@code host:port} or a host alone; null for nothing
     * @param bound the address that is listened on
     * @param port the port that is listened on
     * @throws IllegalArgumentException naming a setting or variable that is no address
     */
    public static Address find(@Nullable String given, InetAddress bound, int port) {
        return find(given, bound, port, System.getenv(), AdvertisedAddress::ofThisMachine);
    }

    static Address find(
            @Nullable String given,
            InetAddress bound,
            int port,
            Map<String, String> environment,
            Supplier<List<InetAddress>> machine) {
        String ip = environment.getOrDefault(IP_VARIABLE, "").strip();
        Address address = given != null
                ? given(given, port)
                : new Address(
                        ip.isEmpty() ? bound.getHostAddress() : unbracketed(ip),
                        port(environment.getOrDefault(PORT_VARIABLE, ""), port));
        return isWildcard(address.host()) ? new Address(first(machine.get()), address.port()) : withoutZone(address);
    }

    private static Address given(String given, int port) {
        boolean hostAlone = given.indexOf(':') < 0 || (given.startsWith("[") && given.endsWith("]"));
        return hostAlone ? Address.parse(given + ":" + port) : Address.parse(given);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String variable, int listenedOn) {
        if (variable.isBlank()) {
            return listenedOn;
        }
        try {
            int port = Integer.parseInt(variable.strip());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw new IllegalArgumentException(PORT_VARIABLE + ": '" + variable + "' (expected: 1 to 65535)");
    }

    /** The address without the number of a network interface, which means nothing on other machines. */
    private static Address withoutZone(Address address) {
        int percent = address.host().indexOf('%');
        return percent < 0 ? address : new Address(address.host().substring(0, percent), address.port());
    }

    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || (host.contains(":") && host.chars().allMatch(c -> c == '0' || c == ':'));
    }

    /** IPv4 comes first, as in Kitex; a machine that has nothing else is found at its loopback address. */
    private static String first(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (address.getAddress().length == 4) {
                return address.getHostAddress();
            }
        }
        return addresses.isEmpty()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : unzoned(addresses.getFirst().getHostAddress());
    }

    private static String unzoned(String host) {
        int percent = host.indexOf('%');
        return percent < 0 ? host : host.substring(0, percent);
    }

    private static List<InetAddress> ofThisMachine() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (one.isUp() && !one.isLoopback()) {
                    for (InetAddress address : Collections.list(one.getInetAddresses())) {
                        if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
                            found.add(address);
                        }
                    }
                }
            }
        } catch (SocketException e) {
            throw new IllegalStateException("the addresses of this machine cannot be listed: " + e.getMessage(), e);
        }
        return found;
    }
}
