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
import picocli.CommandLine.Parameters;

/**
 * Which method of which server is called, and what says how its messages look: a Thrift IDL, Protobuf, or the server itself.
 */
final class MethodOptions {
    @Parameters(
            index = "0",
            paramLabel = "HOST:PORT",
            description = "The server; IPv6 addresses in brackets. With --registry the name to look up.")
    private String address = "";

    @Parameters(index = "1", paramLabel = "Service/Method", description = "The method, as the IDL has it.")
    private String target = "";

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

    /** The address of the server as the command line has it; with a registry the name to look up. */
    String address() {
        return address;
    }

    /** {@code Service/Method} as the command line has it. */
    String target() {
        return target;
    }

    /** The method that is called, whose messages are JSON in the layout of {@code form}. It may ask the server, by reflection. */
    MethodDescriptor<String, String> descriptor(JsonOptions form, ConnectionOptions connection, CallOptions options)
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
        return protobuf(idl, service, connection, options).json(service, method, form.isIndented());
    }

    private ProtoSchema protobuf(@Nullable Path idl, String service, ConnectionOptions connection, CallOptions options)
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
