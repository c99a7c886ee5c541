package io.streamx.cli;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads schemas of Protobuf from files. */
final class ProtoFiles {
    private ProtoFiles() {}

    /** What {@code protoc --descriptor_set_out} has written. */
    static ProtoSchema descriptorSet(Path file) throws IOException {
        return schema(file.toString(), file);
    }

    /**
     * A {@code .proto}, which the program protoc parses: nothing else knows all of the language.
     *
     * @param protoc its name on the PATH, or where it is
     */
    static ProtoSchema proto(Path file, List<Path> includeFolders, String protoc) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("--idl: no file " + file + " (expected: a .thrift or .proto file)");
        }
        Path set = Files.createTempFile("streamx", ".protoset");
        try {
            compile(file, includeFolders, protoc, set);
            return schema(file.toString(), set);
        } finally {
            Files.deleteIfExists(set);
        }
    }

    private static void compile(Path file, List<Path> includeFolders, String protoc, Path set) throws IOException {
        List<String> command = new ArrayList<>(List.of(protoc, "--include_imports", "--descriptor_set_out=" + set));
        includeFolders.forEach(folder -> command.add("-I" + folder));
        // protoc wants each file to be in one of its folders.
        command.add("-I" + file.toAbsolutePath().getParent());
        command.add(file.toAbsolutePath().toString());
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new BadInputException(
                    "--protoc: " + protoc
                            + " cannot be started (expected: the compiler of Protobuf on the PATH, or where"
                            + " it is; --descriptor-set and --reflect need none)",
                    e);
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (exitCode(process) != 0) {
            throw new BadInputException(said);
        }
    }

    private static int exitCode(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new BadInputException("interrupted while protoc ran", e);
        }
    }

    private static ProtoSchema schema(String source, Path set) throws IOException {
        try {
            return ProtoSchema.of(
                    source, FileDescriptorSet.parseFrom(Files.readAllBytes(set)).getFileList());
        } catch (NoSuchFileException e) {
            throw new BadInputException(
                    "--descriptor-set: no file " + set + " (expected: what protoc --descriptor_set_out writes)", e);
        } catch (InvalidProtocolBufferException e) {
            throw new BadInputException(
                    "--descriptor-set: " + source
                            + " is no descriptor set (expected: what protoc --descriptor_set_out writes): "
                            + e.getMessage(),
                    e);
        }
    }
}
