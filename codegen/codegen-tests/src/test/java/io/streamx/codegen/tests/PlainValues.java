package io.streamx.codegen.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamx.thrift.Binary;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import scenario.Choice;
import scenario.Colour;

/** Turns generated values into the form in which the values of the recorded messages are written down. */
final class PlainValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlainValues() {}

    static JsonNode of(Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof Boolean bool) {
            return NODES.booleanNode(bool);
        }
        if (value instanceof Double number) {
            return real(number);
        }
        if (value instanceof Number number) {
            return NODES.numberNode(number.longValue());
        }
        if (value instanceof String text) {
            return NODES.textNode(text);
        }
        if (value instanceof Binary bytes) {
            return NODES.objectNode().put("hex", HexFormat.of().formatHex(bytes.toByteArray()));
        }
        if (value instanceof Colour colour) {
            return NODES.numberNode((long) colour.value());
        }
        if (value instanceof Choice choice) {
            return choice(choice);
        }
        if (value instanceof Collection<?> collection) {
            ArrayNode elements = NODES.arrayNode();
            collection.forEach(element -> elements.add(of(element)));
            return elements;
        }
        if (value instanceof Map<?, ?> map) {
            ArrayNode pairs = NODES.arrayNode();
            map.forEach((key, one) -> pairs.add(NODES.arrayNode().add(of(key)).add(of(one))));
            return NODES.objectNode().set("map", pairs);
        }
        return struct((Record) value);
    }

    private static JsonNode real(double number) {
        if (number == Double.POSITIVE_INFINITY) {
            return NODES.textNode("+Inf");
        }
        if (number == Math.rint(number)) {
            return NODES.numberNode((long) number);
        }
        return Double.isNaN(number) ? NODES.textNode("NaN") : NODES.numberNode(number);
    }

    private static JsonNode choice(Choice choice) {
        ArrayNode arms = NODES.arrayNode();
        arms.add(choice instanceof Choice.Text arm ? of(arm.value()) : NODES.nullNode());
        arms.add(choice instanceof Choice.Number arm ? of(arm.value()) : NODES.nullNode());
        arms.add(choice instanceof Choice.Inner arm ? of(arm.value()) : NODES.nullNode());
        return arms;
    }

    private static JsonNode struct(Record struct) {
        ArrayNode fields = NODES.arrayNode();
        for (RecordComponent component : struct.getClass().getRecordComponents()) {
            try {
                fields.add(of(component.getAccessor().invoke(struct)));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(component.toString(), e);
            }
        }
        return fields;
    }

    /** The recorded form with only the values of fields, in their order, and every number as long or double. */
    static JsonNode withoutNames(JsonNode node) {
        if (node.isArray()) {
            ArrayNode copy = NODES.arrayNode();
            for (JsonNode element : node) {
                boolean field = element.isObject() && element.has("id");
                copy.add(withoutNames(field ? element.get("value") : element));
            }
            return copy;
        }
        if (node.isObject() && node.has("map")) {
            return NODES.objectNode().set("map", withoutNames(node.get("map")));
        }
        if (node.isIntegralNumber()) {
            return NODES.numberNode(node.asLong());
        }
        return node.isNumber() ? NODES.numberNode(node.asDouble()) : node;
    }
}
