package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.streamx.codegen.java.ClassName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service and the Java it becomes.
 *
 * @param proto what the file declares
 * @param comment before it, or null
 * @param outer the class with the descriptor of the file
 * @param fileName the file
 * @param protoPackage its package, or an empty text
 * @param type the interface to implement
 * @param client the class that calls it
 * @param descriptors the class with its descriptors
 * @param coroutines the interface of Kotlin to implement; null where no Kotlin is wanted
 * @param coroutineClient the class of Kotlin that calls it; null where no Kotlin is wanted
 * @param methods in the order of the file
 * @param isLite whether its messages know no descriptors
 */
record ServiceClasses(
        ServiceDescriptorProto proto,
        @Nullable String comment,
        ClassName outer,
        String fileName,
        String protoPackage,
        ClassName type,
        ClassName client,
        ClassName descriptors,
        @Nullable ClassName coroutines,
        @Nullable ClassName coroutineClient,
        List<ProtobufServiceMethod> methods,
        boolean isLite) {
    /** The name of the service in its file. */
    String name() {
        return proto.getName();
    }

    /**
     * The reason for which the service is deprecated, which is empty since Protobuf has none; null when it is not deprecated.
     */
    @Nullable
    String deprecation() {
        return proto.getOptions().getDeprecated() ? "" : null;
    }
}
