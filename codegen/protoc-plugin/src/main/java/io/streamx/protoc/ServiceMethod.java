package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import io.streamx.idl.StreamingMode;
import org.jspecify.annotations.Nullable;

/**
 * A method and the Java it becomes.
 *
 * @param proto what the file declares
 * @param comment before it, or null
 * @param name of the Java methods
 * @param asyncName of the client's method that does not wait
 * @param constant of its descriptor
 * @param request the message a client sends
 * @param response the message a server sends
 */
record ServiceMethod(
        MethodDescriptorProto proto,
        @Nullable String comment,
        String name,
        String asyncName,
        String constant,
        MessageClass request,
        MessageClass response) {
    StreamingMode mode() {
        if (proto.getClientStreaming()) {
            return proto.getServerStreaming() ? StreamingMode.BIDIRECTIONAL : StreamingMode.CLIENT;
        }
        return proto.getServerStreaming() ? StreamingMode.SERVER : StreamingMode.UNARY;
    }

    /** Why it is deprecated, of which Protobuf says nothing; null when it is not. */
    @Nullable
    String deprecation() {
        return proto.getOptions().getDeprecated() ? "" : null;
    }
}
