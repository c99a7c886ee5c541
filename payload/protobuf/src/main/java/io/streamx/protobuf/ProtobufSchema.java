package io.streamx.protobuf;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.function.Supplier;

/** Finds the descriptors that protobuf-java has of services, for generated code. Not for the lite runtime, which has none. */
public final class ProtobufSchema {
    static {
        // In protobuf-java 4.36.2 the descriptor of a file that imports java_features.proto fails to initialise when
        // nothing has touched the descriptor of descriptor.proto before it.
        DescriptorProtos.getDescriptor();
    }

    private ProtobufSchema() {}

    /**
     * The descriptor of a service.
     *
     * @param file gives the descriptor of the proto file; called once, and not before protobuf-java is ready for it
     * @param service as in the proto file, without the package
     * @throws IllegalArgumentException when the file has no such service
     */
    public static ServiceDescriptor service(Supplier<FileDescriptor> file, String service) {
        FileDescriptor descriptor = file.get();
        ServiceDescriptor found = descriptor.findServiceByName(service);
        if (found == null) {
            throw new IllegalArgumentException(
                    "service: " + service + " (expected: one of " + descriptor.getName() + ")");
        }
        return found;
    }
}
