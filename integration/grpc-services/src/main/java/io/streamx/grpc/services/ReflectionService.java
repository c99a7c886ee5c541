package io.streamx.grpc.services;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.streamx.BidiStreamingServer;
import io.streamx.StatusCode;
import io.streamx.grpc.services.reflection.v1.ErrorResponse;
import io.streamx.grpc.services.reflection.v1.ExtensionNumberResponse;
import io.streamx.grpc.services.reflection.v1.FileDescriptorResponse;
import io.streamx.grpc.services.reflection.v1.ListServiceResponse;
import io.streamx.grpc.services.reflection.v1.ServerReflection;
import io.streamx.grpc.services.reflection.v1.ServerReflectionMethods;
import io.streamx.grpc.services.reflection.v1.ServerReflectionRequest;
import io.streamx.grpc.services.reflection.v1.ServerReflectionResponse;
import io.streamx.grpc.services.reflection.v1.ServiceResponse;
import io.streamx.service.ServiceDefinition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code grpc.reflection.v1.ServerReflection}, which hands out the protos of a server's Protobuf services, so
 * that tools such as grpcurl list, describe and call them:
 *
 * <pre>{@code
 * Server.builder().service(ReflectionService::of).service(Echo.bind(handler))...
 * }</pre>
 *
 * <p>It answers calls to {@code grpc.reflection.v1alpha} too, whose messages are the same: a server finds a service by
 * its name without the package where no other has that name. Services of Thrift, and Protobuf ones of the lite runtime, know no protos and are not
 * listed.
 */
public final class ReflectionService {
    private ReflectionService() {}

    /** The service that describes {@code services} and itself, for {@code Server.Builder.service}. */
    public static ServiceDefinition of(List<ServiceDefinition> services) {
        SortedMap<String, ServiceDescriptor> described = new TreeMap<>();
        services.forEach(service -> addSchema(described, service.descriptor()));
        addSchema(described, ServerReflectionMethods.DESCRIPTOR);
        return ServerReflection.bind(new Handler(described));
    }

    private static void addSchema(
            SortedMap<String, ServiceDescriptor> described, io.streamx.service.ServiceDescriptor service) {
        if (service.schema() instanceof ServiceDescriptor schema) {
            described.put(schema.getFullName(), schema);
        }
    }

    private static final class Handler implements ServerReflection {
        private final Set<String> services;
        private final ProtoIndex protos;

        Handler(SortedMap<String, ServiceDescriptor> described) {
            services = described.keySet();
            protos = new ProtoIndex(described.values());
        }

        @Override
        public void serverReflectionInfo(
                BidiStreamingServer<ServerReflectionRequest, ServerReflectionResponse> stream) {
            // A caller keeps the files of a stream until its end, so that each import is sent once.
            Set<String> sent = new HashSet<>();
            for (ServerReflectionRequest request : stream) {
                stream.send(answer(request, sent));
            }
        }

        private ServerReflectionResponse answer(ServerReflectionRequest request, Set<String> sent) {
            ServerReflectionResponse.Builder response = ServerReflectionResponse.newBuilder()
                    .setValidHost(request.getHost())
                    .setOriginalRequest(request);
            switch (request.getMessageRequestCase()) {
                case FILE_BY_FILENAME -> {
                    String name = request.getFileByFilename();
                    answerFile(response, protos.file(name), sent, "file " + name);
                }
                case FILE_CONTAINING_SYMBOL -> {
                    String symbol = request.getFileContainingSymbol();
                    answerFile(response, protos.fileOfSymbol(symbol), sent, "symbol " + symbol);
                }
                case FILE_CONTAINING_EXTENSION -> {
                    String type = request.getFileContainingExtension().getContainingType();
                    int number = request.getFileContainingExtension().getExtensionNumber();
                    answerFile(
                            response,
                            protos.fileOfExtension(type, number),
                            sent,
                            "extension " + number + " of " + type);
                }
                case ALL_EXTENSION_NUMBERS_OF_TYPE -> {
                    String type = request.getAllExtensionNumbersOfType();
                    Collection<Integer> numbers = protos.extensionNumbers(type);
                    if (numbers == null) {
                        answerError(response, StatusCode.NOT_FOUND, "message " + type + " is not known here");
                    } else {
                        response.setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder()
                                .setBaseTypeName(type)
                                .addAllExtensionNumber(numbers));
                    }
                }
                case LIST_SERVICES -> {
                    ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
                    services.forEach(
                            name -> list.addService(ServiceResponse.newBuilder().setName(name)));
                    response.setListServicesResponse(list);
                }
                case MESSAGEREQUEST_NOT_SET ->
                    answerError(
                            response,
                            StatusCode.INVALID_ARGUMENT,
                            "a request without message_request, or with one this server does not know");
            }
            return response.build();
        }

        private static void answerFile(
                ServerReflectionResponse.Builder response,
                @Nullable FileDescriptor file,
                Set<String> sent,
                String wanted) {
            if (file == null) {
                answerError(response, StatusCode.NOT_FOUND, wanted + " is not known here");
                return;
            }
            FileDescriptorResponse.Builder files = FileDescriptorResponse.newBuilder();
            Deque<FileDescriptor> next = new ArrayDeque<>();
            next.add(file);
            // The file that was asked for is sent in any case. Its imports are sent unless they were sent before.
            sent.remove(file.getName());
            while (!next.isEmpty()) {
                FileDescriptor one = next.remove();
                if (sent.add(one.getName())) {
                    files.addFileDescriptorProto(
                            ByteString.copyFrom(one.toProto().toByteArray()));
                    next.addAll(one.getDependencies());
                }
            }
            response.setFileDescriptorResponse(files);
        }

        private static void answerError(ServerReflectionResponse.Builder response, int code, String message) {
            response.setErrorResponse(
                    ErrorResponse.newBuilder().setErrorCode(code).setErrorMessage(message));
        }
    }
}
