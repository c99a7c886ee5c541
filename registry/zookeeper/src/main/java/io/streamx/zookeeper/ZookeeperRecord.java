package io.streamx.zookeeper;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamx.discovery.Address;
import io.streamx.discovery.Instance;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node: its name is the address of an instance, its data says the rest as JSON.
 *
 * <p>Source: registry-zookeeper of 2021-12-17, registry/registry.go, resolver/resolver.go and entity/entity.go.
 */
final class ZookeeperRecord {
    private static final JsonMapper JSON = new JsonMapper();

    private ZookeeperRecord() {}

    /** The bytes that Kitex writes: names with capitals, no space, tags sorted, null for none. */
    static byte[] write(Instance self) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            // Kitex takes an absent weight for 0, and never calls such an instance; a fraction breaks its whole lookup.
            json.writeNumberField("Weight", Math.max(1, Math.round(self.weight())));
            if (self.tags().isEmpty()) {
                json.writeNullField("Tags");
            } else {
                json.writeObjectFieldStart("Tags");
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
        return text.toString()
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a node, upper and lower case of field names alike.
     *
     * @throws IllegalArgumentException saying what is wrong and what was expected
     */
    static Instance read(String name, byte[] data) {
        Instance instance = Instance.at(Address.parseRecord(name));
        if (data.length == 0) {
            throw new IllegalArgumentException("no data (expected: {\"Weight\":10,\"Tags\":null})");
        }
        JsonNode record;
        try {
            record = JSON.readTree(data);
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
        }
        if (!record.isObject()) {
            throw new IllegalArgumentException("not a JSON object (expected: {\"Weight\":10,\"Tags\":null})");
        }
        return instance.withWeight(weight(field(record, "Weight"))).withTags(tags(field(record, "Tags")));
    }

    private static double weight(@Nullable JsonNode weight) {
        if (weight == null) {
            return Instance.DEFAULT_WEIGHT;
        }
        if (!weight.isNumber() || weight.asDouble() <= 0) {
            throw new IllegalArgumentException("Weight: " + weight + " (expected: a number greater than 0)");
        }
        return weight.asDouble();
    }

    private static Map<String, String> tags(@Nullable JsonNode tags) {
        Map<String, String> read = new LinkedHashMap<>();
        if (tags == null) {
            return read;
        }
        if (!tags.isObject()) {
            throw new IllegalArgumentException("Tags: " + tags + " (expected: an object of texts, or null)");
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
