package io.streamx.cli;

import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.generic.Form;
import io.streamx.generic.GenericService;
import io.streamx.generic.JsonOptions;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What says which modes methods have and how messages look: a Thrift IDL, Protobuf, or the server itself. */
final class MethodOptions {
    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Mixin
    private ImportOptions imports = new ImportOptions();

    /** What says how messages look. */
    private static final class Source {
        @Option(names = "--idl", paramLabel = "file", description = "The .thrift or .proto file that has the service.")
        private @Nullable Path idl;

        @Option(
                names = "--descriptor-set",
                paramLabel = "file",
                description = "What protoc --include_imports --descriptor_set_out has written, instead of --idl.")
        private @Nullable Path descriptorSet;

        @Option(names = "--reflect", description = "Ask the server, by gRPC reflection, instead of --idl.")
        private boolean reflect;
    }

    /**
     * The method that is meant.
     *
     * @param address of the server, which may be asked by reflection
     * @param target {@code Service/Method}
     * @param form how its JSON looks
     */
    MethodDescriptor<String, String> descriptor(
            String address, String target, JsonOptions form, ConnectionOptions connection, CallOptions options)
            throws IOException {
        int slash = target.lastIndexOf('/');
        if (slash <= 0 || slash == target.length() - 1) {
            throw new BadInputException("method: '" + target + "' (expected: Service/Method)");
        }
        String service = target.substring(0, slash);
        String method = target.substring(slash + 1);
        Path idl = source.idl;
        if (idl != null && !idl.toString().endsWith(".proto")) {
            GenericService thrift =
                    GenericService.load(idl, service, imports.folders().toArray(Path[]::new));
            return thrift.descriptor(thrift.method(method), Form.json(form));
        }
        ProtoSchema schema = protobuf(idl, address, service, connection, options);
        return ProtoMethods.descriptor(schema.method(service, method), schema.types(), form.isIndented());
    }

    private ProtoSchema protobuf(
            @Nullable Path idl, String address, String service, ConnectionOptions connection, CallOptions options)
            throws IOException {
        if (idl != null) {
            return ProtoFiles.proto(idl, imports.folders(), imports.protoc());
        }
        if (source.descriptorSet != null) {
            return ProtoFiles.descriptorSet(source.descriptorSet);
        }
        if (!source.reflect) {
            throw new BadInputException("--reflect: false (expected: --idl, --descriptor-set or --reflect)");
        }
        try (Client client = connection
                .client(address, service, PayloadFormat.PROTOBUF)
                .transport(Transport.GRPC)
                .build()) {
            return new ReflectionClient(client, options).schema(service);
        }
    }
}
