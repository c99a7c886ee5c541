package io.streamx.cli;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Tells files of Protobuf from those of Thrift, for the commands that read Thrift alone. */
final class ThriftOnly {
    private ThriftOnly() {}

    /**
     * Refuses a file of Protobuf by its name. Parsed as Thrift it would be a dozen mistakes, none of which says what is
     * wrong.
     *
     * @param instead what does the same for Protobuf, as a clause
     */
    static void refuseProtobuf(Path file, String instead, CommandLine commandLine) {
        if (file.toString().endsWith(".proto")) {
            throw new ParameterException(commandLine, file + ": Protobuf (expected: Thrift; " + instead + ")");
        }
    }
}
