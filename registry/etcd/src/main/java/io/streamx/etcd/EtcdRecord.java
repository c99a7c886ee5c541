package io.streamx.etcd;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamx.discovery.Address;
import io.streamx.discovery.Instance;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The value of a key: what an instance says of itself, as JSON.
 *
 * <p>Source: registry-etcd v0.3.0, common.go and etcd_resolver.go.
 */
final class EtcdRecord {
    private static final JsonMapper JSON = new JsonMapper();

    private EtcdRecord() {}

    /** The bytes that Kitex writes: fields in its order, no space, tags sorted, null for none. */
    static String write(Instance self) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("network", "tcp");
            json.writeStringField("address", self.address().toString());
            // Kitex skips a record whose weight is no whole number.
            json.writeNumberField("weight", Math.max(1, Math.round(self.weight())));
            if (self.tags().isEmpty()) {
                json.writeNullField("tags");
            } else {
                json.writeObjectFieldStart("tags");
                for (Map.Entry<String, String> tag : new TreeMap<>(self.tags()).entrySet()) {
                    json.writeStringField(tag.getKey(), tag.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Go's encoder escapes these three characters. In JSON they stand inside texts alone, so that all of them
        // can be replaced.
        return text.toString().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    /**
     * Reads a value as Kitex does, upper and lower case of field names alike.
     *
     * @throws IllegalArgumentException saying what is wrong and what was expected
     */
    static Instance read(String value) {
        JsonNode record;
        try {
            record = JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
        if (!record.isObject()) {
            throw new IllegalArgumentException("not a JSON object (expected: {\"network\":\"tcp\",\"address\":...})");
        }
        JsonNode network = field(record, "network");
        if (network != null
                && !network.asText().equals("tcp")
                && !network.asText().isEmpty()) {
            throw new IllegalArgumentException("network: " + network + " (expected: \"tcp\")");
        }
        JsonNode address = field(record, "address");
        if (address == null || !address.isTextual()) {
            throw new IllegalArgumentException("address: " + address + " (expected: \"host:port\")");
        }
        return Instance.at(Address.parseRecord(address.asText()))
                .withWeight(weight(field(record, "weight")))
                .withTags(tags(field(record, "tags")));
    }

    private static double weight(@Nullable JsonNode weight) {
        if (weight == null) {
            return Instance.DEFAULT_WEIGHT;
        }
        if (!weight.isNumber()) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: a number)");
        }
        return weight.asDouble() > 0 ? weight.asDouble() : Instance.DEFAULT_WEIGHT;
    }

    private static Map<String, String> tags(@Nullable JsonNode tags) {
        Map<String, String> read = new LinkedHashMap<>();
        if (tags == null) {
            return read;
        }
        if (!tags.isObject()) {
            throw new IllegalArgumentException("tags: " + tags + " (expected: an object of texts, or null)");
        }
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            if (!tag.getValue().isTextual()) {
                throw new IllegalArgumentException(
                        "tag " + tag.getKey() + ": " + tag.getValue() + " (expected: a text)");
            }
            read.put(tag.getKey(), tag.getValue().asText());
        }
        return read;
    }

    /** The field of that name, whatever its case; null when it is absent or null. */
    private static @Nullable JsonNode field(JsonNode record, String name) {
        JsonNode found = record.get(name);
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            if (found == null && field.getKey().equalsIgnoreCase(name)) {
                found = field.getValue();
            }
        }
        return found == null || found.isNull() ? null : found;
    }
}
