package io.streamx.gateway;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import io.streamx.protobuf.ProtobufCodec;
import io.streamx.service.MethodDescriptor;

/** Which methods have no side effects, as their proto file says. */
final class ReadOnlyMethods {
    private ReadOnlyMethods() {}

    /** Whether the file of the method's request has the method's service too, and says so of the method. */
    static boolean contains(MethodDescriptor<?, ?> method) {
        if (!(method.requestCodec() instanceof ProtobufCodec<?> codec)
                || !(codec.defaultInstance() instanceof Message request)) {
            return false;
        }
        FileDescriptor file = request.getDescriptorForType().getFile();
        ServiceDescriptor service =
                file.getPackage().equals(method.grpcPackage()) ? file.findServiceByName(method.service()) : null;
        var described = service == null ? null : service.findMethodByName(method.name());
        return described != null && described.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }
}
