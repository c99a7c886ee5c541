package io.streamx.gateway;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.streamx.protobuf.ProtobufCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of Protobuf as the try-it page is told of them: what a value looks like in ProtoJSON, and each named type once. For one
 * thread.
 */
final class ProtobufTypes {
    /** Messages that ProtoJSON does not write as objects of their fields. */
    private static final Map<String, String> WELL_KNOWN = Map.ofEntries(
            Map.entry("Timestamp", "string"),
            Map.entry("Duration", "string"),
            Map.entry("FieldMask", "string"),
            Map.entry("StringValue", "string"),
            Map.entry("BytesValue", "binary"),
            Map.entry("BoolValue", "bool"),
            Map.entry("Int32Value", "i32"),
            Map.entry("UInt32Value", "i32"),
            Map.entry("Int64Value", "i64"),
            Map.entry("UInt64Value", "i64"),
            Map.entry("FloatValue", "double"),
            Map.entry("DoubleValue", "double"),
            Map.entry("Any", "json"),
            Map.entry("Struct", "json"),
            Map.entry("Value", "json"),
            Map.entry("ListValue", "json"));

    private static final String WELL_KNOWN_PACKAGE = "google.protobuf";

    private final Map<String, String> comments;
    private final Map<String, Object> definitions = new LinkedHashMap<>();
    /** Messages that were named and not described. A queue, because messages may lead to one another without end. */
    private final Deque<Descriptor> undescribed = new ArrayDeque<>();

    /** {@code comments} are those of messages, fields and enums, by their full names. */
    ProtobufTypes(Map<String, String> comments) {
        this.comments = comments;
    }

    /** The named types that were met, by what refers to them. */
    Map<String, Object> definitions() {
        while (!undescribed.isEmpty()) {
            Descriptor next = undescribed.poll();
            definitions.put("proto:" + next.getFullName(), definition(next));
        }
        return definitions;
    }

    /** Adds what a method takes and gives to its description; false when its messages have no descriptors. */
    boolean describe(ProtobufCodec<?> request, ProtobufCodec<?> reply, Map<String, Object> described) {
        if (request.defaultInstance() instanceof Message taken && reply.defaultInstance() instanceof Message given) {
            described.put("request", type(taken.getDescriptorForType()));
            described.put("reply", type(given.getDescriptorForType()));
            return true;
        }
        return false;
    }

    private Map<String, Object> type(Descriptor message) {
        String known =
                message.getFile().getPackage().equals(WELL_KNOWN_PACKAGE) ? WELL_KNOWN.get(message.getName()) : null;
        if (known != null) {
            return Map.of("t", known, "hint", message.getName());
        }
        String id = "proto:" + message.getFullName();
        if (definitions.putIfAbsent(id, Map.of()) == null) {
            undescribed.add(message);
        }
        return Map.of("t", "ref", "to", id);
    }

    private Map<String, Object> type(FieldDescriptor field) {
        if (field.isMapField()) {
            Descriptor entry = field.getMessageType();
            return Map.of(
                    "t",
                    "map",
                    "key",
                    single(entry.findFieldByName("key")),
                    "of",
                    single(entry.findFieldByName("value")));
        }
        return field.isRepeated() ? Map.of("t", "list", "of", single(field)) : single(field);
    }

    private Map<String, Object> single(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> Map.of("t", "bool");
            case INT -> Map.of("t", "i32");
            case LONG -> Map.of("t", "i64");
            case FLOAT, DOUBLE -> Map.of("t", "double");
            case STRING -> Map.of("t", "string");
            case BYTE_STRING -> Map.of("t", "binary");
            case ENUM -> enumeration(field.getEnumType());
            case MESSAGE -> type(field.getMessageType());
        };
    }

    private Map<String, Object> enumeration(EnumDescriptor type) {
        String id = "proto:" + type.getFullName();
        List<Object> values = new ArrayList<>();
        for (EnumValueDescriptor value : type.getValues()) {
            values.add(value.getName());
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("kind", "enum");
        described.put("name", type.getName());
        TryItCatalog.putDoc(described, comments.get(type.getFullName()));
        described.put("values", values);
        definitions.put(id, described);
        return Map.of("t", "ref", "to", id);
    }

    private Map<String, Object> definition(Descriptor message) {
        List<Object> fields = new ArrayList<>();
        for (FieldDescriptor field : message.getFields()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("name", field.getJsonName());
            OneofDescriptor choice = field.getRealContainingOneof();
            TryItCatalog.putDoc(
                    shown,
                    ProtobufComments.joined(
                            comments.get(field.getFullName()), choice == null ? null : "one of " + choice.getName()));
            shown.put("optional", !field.isRequired());
            shown.put("type", type(field));
            fields.add(shown);
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("kind", "struct");
        described.put("name", message.getName());
        TryItCatalog.putDoc(described, comments.get(message.getFullName()));
        described.put("fields", fields);
        return described;
    }
}
