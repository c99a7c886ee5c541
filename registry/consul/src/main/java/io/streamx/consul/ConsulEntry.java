package io.streamx.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamx.discovery.Address;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server as Consul holds it.
 *
 * <p>Source: registry-consul v0.2.0, consul_registry.go and consul_resolver.go.
 */
final class ConsulEntry {
    private static final JsonMapper JSON = new JsonMapper();

    private ConsulEntry() {}

    /** The id of an entry, one for each address of a service. */
    static String id(String service, Instance self) {
        return service + ":" + self.address();
    }

    /** The request by which a service is registered with an agent. */
    static String write(String service, Instance self) {
        long weight = Math.max(1, Math.round(self.weight()));
        ObjectNode entry = JSON.createObjectNode();
        entry.put("ID", id(service, self));
        entry.put("Name", service);
        var tags = entry.putArray("Tags");
        new TreeMap<>(self.tags()).forEach((key, value) -> tags.add(key + ":" + value));
        entry.put("Port", self.port());
        entry.put("Address", self.host());
        entry.putObject("Weights").put("Passing", weight).put("Warning", weight);
        entry.putObject("Check")
                // A check of an IPv6 address without brackets would never pass.
                .put("TCP", self.address().toString())
                .put("Interval", "5s")
                .put("Timeout", "5s")
                .put("DeregisterCriticalServiceAfter", "1m");
        try {
            return JSON.writeValueAsString(entry);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The instances of an answer; {@code listener} hears of those that cannot be used. */
    static List<Instance> read(JsonNode entries, Resolver.Listener listener) {
        List<Instance> found = new ArrayList<>();
        for (JsonNode entry : entries) {
            try {
                found.add(read(entry));
            } catch (IllegalArgumentException e) {
                String text = entry.path("Service").toString();
                listener.onSkipped(
                        text.length() <= 200 ? text : text.substring(0, 200) + "...", String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    private static Instance read(JsonNode entry) {
        JsonNode service = entry.path("Service");
        // Consul leaves the address of a service empty where it is that of its node.
        String host = service.path("Address").asText("");
        host = host.isEmpty() ? entry.path("Node").path("Address").asText("") : host;
        double weight = service.path("Weights").path("Passing").asDouble(Instance.DEFAULT_WEIGHT);
        Map<String, String> tags = new LinkedHashMap<>();
        for (JsonNode tag : service.path("Tags")) {
            int colon = tag.asText().indexOf(':');
            if (colon >= 0) {
                tags.put(tag.asText().substring(0, colon), tag.asText().substring(colon + 1));
            }
        }
        return Instance.at(new Address(host, service.path("Port").asInt(0)))
                .withWeight(weight)
                .withTags(tags);
    }
}
