package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import io.streamx.idl.FunctionMode;
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
record ProtobufServiceMethod(
        MethodDescriptorProto proto,
        @Nullable String comment,
        String name,
        String asyncName,
        String constant,
        MessageClass request,
        MessageClass response) {
    FunctionMode mode() {
        if (proto.getClientStreaming()) {
            return proto.getServerStreaming() ? FunctionMode.BIDIRECTIONAL : FunctionMode.CLIENT;
        }
        return proto.getServerStreaming() ? FunctionMode.SERVER : FunctionMode.UNARY;
    }

    /**
     * The reason for which the method is deprecated, which is empty since Protobuf has none; null when it is not deprecated.
     */
    @Nullable
    String deprecation() {
        return proto.getOptions().getDeprecated() ? "" : null;
    }
}
