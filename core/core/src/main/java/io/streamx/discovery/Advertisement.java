package io.streamx.discovery;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in registries. Immutable.
 *
 * @param service the name under which clients look for the server, which Kitex calls its service name; null for the IDL
 *     name of the server's first service
 * @param address {@code host:port} or a host alone, which goes with the port that is listened on; null to find out: from
 *     the variables {@code KITEX_IP_TO_REGISTRY} and {@code KITEX_PORT_TO_REGISTRY}, else the address that is listened on,
 *     else the first of this machine's addresses that is not loopback
 * @param weight share of the calls beside other instances
 * @param tags whatever else clients may want to know, such as {@link Instance#ZONE}
 */
public record Advertisement(
        @Nullable String service, @Nullable String address, double weight, Map<String, String> tags) {
    /** An address that is found out, with the default weight and no tags. */
    public static final Advertisement DEFAULT = new Advertisement(null, null, Instance.DEFAULT_WEIGHT, Map.of());

    /** Checks the values and copies the tags. */
    public Advertisement {
        if (service != null && service.isBlank()) {
            throw new IllegalArgumentException("service: '" + service + "' (expected: the name clients look for)");
        }
        if (address != null && address.isBlank()) {
            throw new IllegalArgumentException("address: '" + address + "' (expected: host:port or a host)");
        }
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: > 0)");
        }
        tags = Map.copyOf(tags);
    }

    /** An advertisement that is the default but for its name. */
    public static Advertisement as(String service) {
        return new Advertisement(Objects.requireNonNull(service, "service"), null, Instance.DEFAULT_WEIGHT, Map.of());
    }

    /** This advertisement with another address, {@code host:port} or a host alone. */
    public Advertisement withAddress(String newAddress) {
        return new Advertisement(service, Objects.requireNonNull(newAddress, "newAddress"), weight, tags);
    }

    /** This advertisement with another weight. */
    public Advertisement withWeight(double newWeight) {
        return new Advertisement(service, address, newWeight, tags);
    }

    /** This advertisement with one more tag. */
    public Advertisement withTag(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.put(key, value);
        return new Advertisement(service, address, weight, more);
    }
}
