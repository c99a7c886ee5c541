package io.streamx.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.streamx.BidiStreamingClient;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.services.reflection.v1.ErrorResponse;
import io.streamx.grpc.services.reflection.v1.ServerReflectionMethods;
import io.streamx.grpc.services.reflection.v1.ServerReflectionRequest;
import io.streamx.grpc.services.reflection.v1.ServerReflectionResponse;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a gRPC server for the proto files of one of its services. */
final class ReflectionClient {
    private static final String SOURCE = "reflection";
    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
            ServerReflectionMethods.SERVER_REFLECTION_INFO;
    /** The method of older servers. Its messages have the layout of those of v1. */
    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1_ALPHA =
            V1.withGrpcPackage("grpc.reflection.v1alpha");

    private final Channel channel;
    private final CallOptions options;

    ReflectionClient(Channel channel, CallOptions options) {
        this.channel = channel;
        this.options = options;
    }

    /**
     * The files that define a service, with all that they import.
     *
     * @param service with its package, or without where no other service of the server has that name
     * @throws BadInputException when the server has no such service
     * @throws io.streamx.RpcException when it cannot be asked
     */
    ProtoSchema schema(String service) {
        try {
            return schema(service, V1);
        } catch (StatusException e) {
            if (!isUnknown(e)) {
                throw e;
            }
            return schema(service, V1_ALPHA);
        }
    }

    /** Kitex has codes of its own for services and methods that it does not know. */
    private static boolean isUnknown(StatusException e) {
        return e.code() == StatusCode.UNIMPLEMENTED || e.code() == StatusCode.UNKNOWN_SERVICE;
    }

    private ProtoSchema schema(
            String service, MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method) {
        try (BidiStreamingClient<ServerReflectionRequest, ServerReflectionResponse> stream =
                channel.bidiStreaming(method, options)) {
            List<String> known = ask(
                            stream, ServerReflectionRequest.newBuilder().setListServices("*"))
                    .getListServicesResponse()
                    .getServiceList()
                    .stream()
                    .map(each -> each.getName())
                    .toList();
            String name = ProtoSchema.fullName(service, known);
            Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
            take(ask(stream, ServerReflectionRequest.newBuilder().setFileContainingSymbol(name)), files);
            // A server may send a file alone, or with those that it imports.
            for (String missing = missing(files); missing != null; missing = missing(files)) {
                int before = files.size();
                take(ask(stream, ServerReflectionRequest.newBuilder().setFileByFilename(missing)), files);
                if (!files.containsKey(missing) || files.size() == before) {
                    throw new BadInputException(SOURCE + ": the server answers " + missing + " with other files");
                }
            }
            stream.closeSend();
            return ProtoSchema.of(SOURCE, files.values());
        }
    }

    private static ServerReflectionResponse ask(
            BidiStreamingClient<ServerReflectionRequest, ServerReflectionResponse> stream,
            ServerReflectionRequest.Builder request) {
        stream.send(request.build());
        ServerReflectionResponse response = stream.recv();
        if (response == null) {
            throw new StatusException(StatusCode.INTERNAL, SOURCE + ": the server ended the stream without an answer");
        }
        if (response.hasErrorResponse()) {
            ErrorResponse error = response.getErrorResponse();
            throw new StatusException(
                    error.getErrorCode() > 0 ? error.getErrorCode() : StatusCode.UNKNOWN,
                    SOURCE + ": " + error.getErrorMessage());
        }
        return response;
    }

    private static void take(ServerReflectionResponse response, Map<String, FileDescriptorProto> files) {
        for (ByteString bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            try {
                FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
                files.put(file.getName(), file);
            } catch (InvalidProtocolBufferException e) {
                throw new StatusException(
                        StatusCode.INTERNAL,
                        SOURCE + ": the server sent a file that is none: " + e.getMessage(),
                        List.of(),
                        e);
            }
        }
    }

    private static @Nullable String missing(Map<String, FileDescriptorProto> files) {
        for (FileDescriptorProto file : files.values()) {
            for (String imported : file.getDependencyList()) {
                if (!files.containsKey(imported)) {
                    return imported;
                }
            }
        }
        return null;
    }
}
