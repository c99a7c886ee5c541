package io.streamx.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What says how the messages of a recording look. */
final class IdlOptions {
    @Option(names = "--idl", paramLabel = "file", description = "The .thrift or .proto file that has the services.")
    private @Nullable Path idl;

    @Option(
            names = {"-I", "--include"},
            paramLabel = "dir",
            description = "Folder to look for included or imported files in. May be given several times.")
    private List<Path> includeFolders = List.of();

    @Option(
            names = "--protoc",
            paramLabel = "program",
            defaultValue = "protoc",
            description = "The compiler of Protobuf, which reads .proto files. Default: ${DEFAULT-VALUE}, on the PATH.")
    private String protoc = "protoc";

    MessageTexts texts() throws IOException {
        return MessageTexts.of(idl, includeFolders, protoc);
    }
}
