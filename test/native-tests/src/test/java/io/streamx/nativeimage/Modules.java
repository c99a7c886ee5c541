package io.streamx.nativeimage;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The modules that run in a user's process and may look something up, and where their sources are. */
enum Modules {
    API("streamx-api", "core/api", "io.streamx.service.CallAttributes"),
    CORE("streamx-core", "core/core", "io.streamx.client.Client"),
    THRIFT("streamx-thrift", "payload/thrift", "io.streamx.thrift.ThriftReader"),
    PROTOBUF("streamx-protobuf", "payload/protobuf", "io.streamx.protobuf.ProtobufCodec"),
    GENERIC("streamx-generic", "payload/generic", "io.streamx.generic.GenericClient"),
    TTHEADER("streamx-ttheader", "protocol/ttheader", "io.streamx.ttheader.TTHeaderProvider"),
    GRPC("streamx-grpc", "protocol/grpc", "io.streamx.grpc.Compressors"),
    GATEWAY("streamx-gateway", "protocol/gateway", "io.streamx.gateway.GatewayOptions"),
    GRPC_SERVICES("streamx-grpc-services", "integration/grpc-services", "io.streamx.grpc.services.HealthService");

    final String artifact;
    final String folder;
    private final String someClass;

    Modules(String artifact, String folder, String someClass) {
        this.artifact = artifact;
        this.folder = folder;
        this.someClass = someClass;
    }

    /** Does something with the folder of the module's classes, which may lie in a jar. */
    <T> T with(Use<T> use) throws IOException {
        Path location;
        try {
            location = Path.of(Class.forName(someClass, false, Modules.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException(this + ": no class " + someClass, e);
        }
        if (Files.isDirectory(location)) {
            return use.of(location);
        }
        try (FileSystem jar = FileSystems.newFileSystem(location)) {
            return use.of(jar.getPath("/"));
        }
    }

    List<LookUp> lookUps() throws IOException {
        return with(LookUpScan::in);
    }

    /** Where the metadata is in the module's jar. */
    String metadata() {
        return "META-INF/native-image/io.streamx/" + artifact + "/reachability-metadata.json";
    }

    /** What is done with a folder. */
    interface Use<T> {
        T of(Path root) throws IOException;
    }
}
