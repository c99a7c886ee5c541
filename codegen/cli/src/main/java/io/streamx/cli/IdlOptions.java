package io.streamx.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What says how the messages of a recording look. */
final class IdlOptions {
    @Option(names = "--idl", paramLabel = "file", description = "The .thrift or .proto file that has the services.")
    private @Nullable Path idl;

    @Mixin
    private ImportOptions imports = new ImportOptions();

    MessageTexts texts() throws IOException {
        return MessageTexts.of(idl, imports.folders(), imports.protoc());
    }
}
