package io.streamx.protobuf;

import com.google.protobuf.MessageLite;
import io.streamx.StreamingMode;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;

/** Describes methods of Protobuf services, for generated code. */
public final class ProtobufMethod {
    private ProtobufMethod() {}

    /**
     * A ping-pong method, whose request and result are the messages themselves.
     *
     * @param grpcPackage the package of the proto file, empty when it has none
     * @param service as in the proto file, without the package
     * @param name as in the proto file
     * @param request any message of the requests' class
     * @param response any message of the results' class
     */
    public static <Req extends MessageLite, Res extends MessageLite> MethodDescriptor<Req, Res> unary(
            String grpcPackage, String service, String name, Req request, Res response) {
        return MethodDescriptor.unary(service, name, ProtobufCodec.of(request), ProtobufCodec.of(response))
                .withFormat(PayloadFormat.PROTOBUF)
                .withGrpcPackage(grpcPackage);
    }

    /**
     * A stream of any of the three kinds.
     *
     * @param grpcPackage the package of the proto file, empty when it has none
     * @param service as in the proto file, without the package
     * @param name as in the proto file
     * @param request any message of the requests' class
     * @param response any message of the replies' class
     * @throws IllegalArgumentException when the mode is unary
     */
    public static <Req extends MessageLite, Res extends MessageLite> MethodDescriptor<Req, Res> streaming(
            String grpcPackage, String service, String name, StreamingMode mode, Req request, Res response) {
        return MethodDescriptor.streaming(service, name, mode, ProtobufCodec.of(request), ProtobufCodec.of(response))
                .withFormat(PayloadFormat.PROTOBUF)
                .withGrpcPackage(grpcPackage);
    }
}
