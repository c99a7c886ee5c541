package io.streamx.gateway;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Comments of {@code .proto} files, which generated classes do not carry: those of services, methods, messages, fields and enums by
 * their full names. Source: {@code SourceCodeInfo} of google/protobuf/descriptor.proto.
 */
final class ProtobufComments {
    private ProtobufComments() {}

    /**
     * The comments in a file that protoc has written with {@code --descriptor_set_out} and {@code --include_source_info}.
     *
     * @throws IllegalArgumentException when the file cannot be read, is no such file or has no comments
     */
    static Map<String, String> read(Path descriptorSet) {
        FileDescriptorSet set;
        try (InputStream in = Files.newInputStream(descriptorSet)) {
            set = FileDescriptorSet.parseFrom(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    descriptorSet + ": " + e.getMessage() + " (expected: a file of protoc --descriptor_set_out)", e);
        }
        if (set.getFileList().stream().noneMatch(FileDescriptorProto::hasSourceCodeInfo)) {
            throw new IllegalArgumentException(
                    descriptorSet + ": no comments (expected: a file that protoc has written with"
                            + " --descriptor_set_out and --include_source_info)");
        }
        Map<String, String> comments = new HashMap<>();
        set.getFileList().forEach(file -> addFile(file, comments));
        return comments;
    }

    private static void addFile(FileDescriptorProto file, Map<String, String> comments) {
        Comments of = new Comments(file, comments);
        for (int i = 0; i < file.getServiceCount(); i++) {
            of.add(file.getService(i), file.getPackage(), List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < file.getMessageTypeCount(); i++) {
            of.add(
                    file.getMessageType(i),
                    file.getPackage(),
                    List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < file.getEnumTypeCount(); i++) {
            of.add(file.getEnumType(i), file.getPackage(), List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
        }
    }

    /** Finds what stands at the places of one file. A place is the numbers of fields, and of elements in them, that lead there. */
    private static final class Comments {
        private final Map<List<Integer>, String> byPlace = new HashMap<>();
        private final Map<String, String> byName;

        Comments(FileDescriptorProto file, Map<String, String> byName) {
            this.byName = byName;
            for (Location location : file.getSourceCodeInfo().getLocationList()) {
                String text = text(
                        location.getLeadingComments().isBlank()
                                ? location.getTrailingComments()
                                : location.getLeadingComments());
                if (!text.isEmpty()) {
                    byPlace.putIfAbsent(location.getPathList(), text);
                }
            }
        }

        private static String text(String comment) {
            return comment.lines()
                    .map(String::strip)
                    .collect(Collectors.joining("\n"))
                    .strip();
        }

        private static String within(String scope, String name) {
            return scope.isEmpty() ? name : scope + "." + name;
        }

        private static List<Integer> within(List<Integer> place, int field, int index) {
            List<Integer> inner = new ArrayList<>(place);
            Collections.addAll(inner, field, index);
            return inner;
        }

        private void put(String name, List<Integer> place) {
            String text = byPlace.get(place);
            if (text != null) {
                byName.put(name, text);
            }
        }

        void add(ServiceDescriptorProto service, String scope, List<Integer> place) {
            String name = within(scope, service.getName());
            put(name, place);
            for (int i = 0; i < service.getMethodCount(); i++) {
                put(
                        within(name, service.getMethod(i).getName()),
                        within(place, ServiceDescriptorProto.METHOD_FIELD_NUMBER, i));
            }
        }

        void add(DescriptorProto message, String scope, List<Integer> place) {
            String name = within(scope, message.getName());
            put(name, place);
            for (int i = 0; i < message.getFieldCount(); i++) {
                put(within(name, message.getField(i).getName()), within(place, DescriptorProto.FIELD_FIELD_NUMBER, i));
            }
            for (int i = 0; i < message.getNestedTypeCount(); i++) {
                add(message.getNestedType(i), name, within(place, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i));
            }
            for (int i = 0; i < message.getEnumTypeCount(); i++) {
                add(message.getEnumType(i), name, within(place, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
            }
        }

        void add(EnumDescriptorProto type, String scope, List<Integer> place) {
            put(within(scope, type.getName()), place);
        }
    }

    /** A comment and a note of the page's own, of which either may be missing. */
    static @Nullable String joined(@Nullable String comment, @Nullable String note) {
        if (comment == null || note == null) {
            return comment == null ? note : comment;
        }
        return comment + " (" + note + ")";
    }
}
