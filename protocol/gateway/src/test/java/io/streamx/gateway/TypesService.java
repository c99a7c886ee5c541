package io.streamx.gateway;

import com.google.protobuf.Field;
import com.google.protobuf.StringValue;
import com.google.protobuf.Type;
import io.streamx.CallContext;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.protobuf.ProtobufMethod;
import io.streamx.protobuf.StatusDetails;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.util.List;

/** The Protobuf service that the tests call, with messages that protobuf-java brings along. */
final class TypesService {
    private static final String PACKAGE = "acme.types.v1";
    private static final MethodDescriptor<Type, Type> ECHO =
            ProtobufMethod.unary(PACKAGE, "Types", "Echo", Type.getDefaultInstance(), Type.getDefaultInstance());
    private static final MethodDescriptor<StringValue, StringValue> FAIL = ProtobufMethod.unary(
            PACKAGE, "Types", "Fail", StringValue.getDefaultInstance(), StringValue.getDefaultInstance());
    private static final MethodDescriptor<Type, Field> FIELDS = ProtobufMethod.streaming(
            PACKAGE, "Types", "Fields", StreamingMode.SERVER, Type.getDefaultInstance(), Field.getDefaultInstance());
    private static final MethodDescriptor<Field, Type> GATHER = ProtobufMethod.streaming(
            PACKAGE, "Types", "Gather", StreamingMode.CLIENT, Field.getDefaultInstance(), Type.getDefaultInstance());

    private TypesService() {}

    static ServiceDefinition bind() {
        return ServiceDefinition.builder(new ServiceDescriptor(
                        "Types", PACKAGE, PayloadFormat.PROTOBUF, List.of(ECHO, FAIL, FIELDS, GATHER)))
                .unary(ECHO, request -> {
                    CallContext call = CallContext.current();
                    call.setHeader(
                            Metadata.of("x-seen", String.valueOf(call.metadata().first("x-tag"))));
                    call.setTrailer(Metadata.of("x-cost", "3"));
                    return request;
                })
                .unary(FAIL, request -> {
                    throw new StatusException(
                            StatusCode.NOT_FOUND, request.getValue(), List.of(StatusDetails.pack(request)));
                })
                .serverStreaming(FIELDS, (request, stream) -> {
                    stream.setTrailer(Metadata.of("x-cost", "3"));
                    request.getFieldsList().forEach(stream::send);
                    if (request.getName().equals("failing")) {
                        throw new StatusException(StatusCode.RESOURCE_EXHAUSTED, "no more fields");
                    }
                })
                .clientStreaming(GATHER, stream -> {
                    Type.Builder gathered = Type.newBuilder();
                    for (Field field = stream.recv(); field != null; field = stream.recv()) {
                        gathered.addFields(field);
                    }
                    stream.sendAndClose(gathered.build());
                })
                .build();
    }
}
