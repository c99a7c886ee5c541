package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Comments and places of the services of one file, as protoc tells them. */
final class SourceInfo {
    private final String fileName;
    private final Map<List<Integer>, Location> locations = new HashMap<>();

    SourceInfo(FileDescriptorProto file) {
        fileName = file.getName();
        for (Location location : file.getSourceCodeInfo().getLocationList()) {
            locations.putIfAbsent(location.getPathList(), location);
        }
    }

    /** Where a service stands among what the file declares. */
    static List<Integer> path(int service) {
        return List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, service);
    }

    /** Where a method stands. */
    static List<Integer> path(int service, int method) {
        return List.of(
                FileDescriptorProto.SERVICE_FIELD_NUMBER, service, ServiceDescriptorProto.METHOD_FIELD_NUMBER, method);
    }

    /** The comment before the element at {@code path}; null when there is none. */
    @Nullable
    String comment(List<Integer> path) {
        Location location = locations.get(path);
        if (location == null || location.getLeadingComments().isBlank()) {
            return null;
        }
        String text = location.getLeadingComments().strip();
        // The second asterisk of a comment that begins as Javadoc does.
        String comment = text.startsWith("*") ? text.substring(1).strip() : text;
        return comment.isEmpty() ? null : comment;
    }

    /** The file, line and column of the element at {@code path}, as compilers write them. */
    String place(List<Integer> path) {
        Location location = locations.get(path);
        return location == null || location.getSpanCount() < 2
                ? fileName
                : fileName + ":" + (location.getSpan(0) + 1) + ":" + (location.getSpan(1) + 1);
    }
}
