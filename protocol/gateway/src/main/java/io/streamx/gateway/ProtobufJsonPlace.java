package io.streamx.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the member of a JSON text that protobuf-java could not read, since its errors do not say: by reading the members one
 * by one.
 */
final class ProtobufJsonPlace {
    /** A longer text is not looked through, since its members are read once for each level that they lie below. */
    private static final int MAX_CHARS = 64 << 10;

    /** Messages whose JSON is not an object of their fields. */
    private static final Set<String> OF_THEIR_OWN = Set.of(
            "google.protobuf.Any", "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue");

    private final JsonFormat.Parser parser;

    private ProtobufJsonPlace(JsonFormat.Parser parser) {
        this.parser = parser;
    }

    /** The place, {@code request.users[3].name}; {@code request} where it is not found. */
    static String of(Message request, String text, JsonFormat.Parser parser) {
        if (text.length() > MAX_CHARS) {
            return "request";
        }
        try {
            return new ProtobufJsonPlace(parser).find(request, text, "request");
        } catch (IOException e) {
            return "request";
        }
    }

    /**
     * One member of an object or array.
     *
     * @param name null in an array
     */
    private record Member(@Nullable String name, String value) {}

    private String find(Message type, String text, String place) throws IOException {
        for (Member member : members(text, JsonToken.START_OBJECT)) {
            if (member.name() == null || reads(type, object(member))) {
                continue;
            }
            String at = place + "." + member.name();
            FieldDescriptor field = field(type, member.name());
            return field == null ? at : within(type, field, member, at);
        }
        return place;
    }

    private String within(Message type, FieldDescriptor field, Member member, String at) throws IOException {
        if (field.isMapField()) {
            return at;
        }
        if (field.isRepeated()) {
            int index = 0;
            for (Member element : members(member.value(), JsonToken.START_ARRAY)) {
                if (!reads(type, object(new Member(member.name(), "[" + element.value() + "]")))) {
                    return ofMessage(type, field, element.value(), at + "[" + index + "]");
                }
                index++;
            }
            return at;
        }
        return ofMessage(type, field, member.value(), at);
    }

    private String ofMessage(Message type, FieldDescriptor field, String value, String at) throws IOException {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || !value.startsWith("{")) {
            return at;
        }
        Message inner = type.newBuilderForType().newBuilderForField(field).getDefaultInstanceForType();
        return OF_THEIR_OWN.contains(inner.getDescriptorForType().getFullName()) ? at : find(inner, value, at);
    }

    private static @Nullable FieldDescriptor field(Message type, String name) {
        for (FieldDescriptor field : type.getDescriptorForType().getFields()) {
            if (field.getJsonName().equals(name) || field.getName().equals(name)) {
                return field;
            }
        }
        return null;
    }

    private boolean reads(Message type, String text) {
        try {
            parser.merge(text, type.newBuilderForType());
            return true;
        } catch (InvalidProtocolBufferException | RuntimeException unreadable) {
            return false;
        }
    }

    private static String object(Member member) {
        return "{" + quoted(member.name()) + ":" + member.value() + "}";
    }

    private static String quoted(@Nullable String name) {
        return ErrorJson.text(name == null ? "" : name);
    }

    private static List<Member> members(String text, JsonToken start) throws IOException {
        List<Member> members = new ArrayList<>();
        try (JsonParser in = JsonBytes.factory().createParser(text)) {
            if (in.nextToken() != start) {
                return members;
            }
            while (true) {
                String name = null;
                JsonToken token = in.nextToken();
                if (token == JsonToken.FIELD_NAME) {
                    name = in.currentName();
                    token = in.nextToken();
                }
                if (token == null || token.isStructEnd()) {
                    return members;
                }
                int from = (int) in.currentTokenLocation().getCharOffset();
                if (token.isStructStart()) {
                    in.skipChildren();
                } else {
                    in.finishToken();
                }
                members.add(new Member(
                        name, text.substring(from, (int) in.currentLocation().getCharOffset())));
            }
        }
    }
}
