package io.streamx.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the files are that an IDL includes or imports, and what reads those of Protobuf. */
final class ImportOptions {
    @Option(
            names = {"-I", "--include"},
            paramLabel = "dir",
            description = "Folder to look for included or imported files in. May be given several times.")
    private List<Path> folders = List.of();

    @Option(
            names = "--protoc",
            paramLabel = "program",
            defaultValue = "protoc",
            description = "The compiler of Protobuf, which reads .proto files. Default: ${DEFAULT-VALUE}, on the PATH.")
    private String protoc = "protoc";

    List<Path> folders() {
        return folders;
    }

    String protoc() {
        return protoc;
    }
}
