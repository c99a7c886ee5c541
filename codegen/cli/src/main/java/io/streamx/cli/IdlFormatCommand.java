package io.streamx.cli;

import io.streamx.idl.ThriftFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code streamx idl format}: one layout for Thrift files. */
@Command(
        name = "format",
        description = "Lays out Thrift files in one style and writes back those that are not in it. Comments stay.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all files are in the style now, or with --check were before",
            "1:a file has errors or could not be written, or with --check is not in the style",
            "2:the command line is wrong"
        })
final class IdlFormatCommand implements Callable<Integer> {
    private static final int NOT_FORMATTED = 1;
    private static final String STANDARD_INPUT = "-";

    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable IdlCommand parent;

    @Option(names = "--check", description = "Name the files that are not in the style, and change none.")
    private boolean check;

    @Parameters(
            paramLabel = "file",
            arity = "1..*",
            description =
                    "Thrift files, or folders whose Thrift files are meant, those of subfolders too; - formats the"
                            + " standard input to the standard output.")
    private List<String> places = List.of();

    @Override
    public Integer call() throws IOException {
        if (spec == null || parent == null) {
            throw new IllegalStateException("not started from a command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            boolean allWell = true;
            for (String place : places) {
                if (place.equals(STANDARD_INPUT)) {
                    allWell &= filter(parent.terminal(), out, err);
                } else {
                    ThriftOnly.refuseProtobuf(Path.of(place), "buf format lays out .proto files", spec.commandLine());
                    for (Path file : files(Path.of(place))) {
                        allWell &= format(file, out, err);
                    }
                }
            }
            return allWell ? ExitCodes.OK : NOT_FORMATTED;
        } catch (BadInputException e) {
            err.println("streamx: bad input: " + e.getMessage());
            return ExitCodes.BAD_INPUT;
        }
    }

    private static List<Path> files(Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        if (!Files.isDirectory(place)) {
            throw new BadInputException(place + ": no such file (expected: a Thrift file or a folder)");
        }
        try (Stream<Path> all = Files.walk(place)) {
            List<Path> files =
                    new ArrayList<>(all.filter(file -> file.toString().endsWith(".thrift") && Files.isRegularFile(file))
                            .sorted()
                            .toList());
            if (files.isEmpty()) {
                throw new BadInputException(place + ": no file ends with .thrift (expected: at least one)");
            }
            return files;
        }
    }

    private boolean filter(Terminal terminal, PrintWriter out, PrintWriter err) throws IOException {
        byte[] before = terminal.in().readAllBytes();
        String after = formatted("<stdin>", before, err);
        if (after == null) {
            return false;
        }
        if (!check) {
            out.print(after);
            out.flush();
            return true;
        }
        return isInStyle("<stdin>", before, after, out);
    }

    private boolean format(Path file, PrintWriter out, PrintWriter err) {
        try {
            byte[] before = Files.readAllBytes(file);
            String after = formatted(file.toString(), before, err);
            if (after == null) {
                return false;
            }
            if (check) {
                return isInStyle(file.toString(), before, after, out);
            }
            if (!after.equals(new String(before, StandardCharsets.UTF_8))) {
                replace(file.toRealPath(), after);
                out.println("formatted " + file);
            }
            return true;
        } catch (IOException e) {
            err.println(file + ": cannot be read or written: " + e);
            return false;
        }
    }

    /** Puts a whole new file in the place of the old one, so that nothing that ends the process leaves half of one. */
    private static void replace(Path file, String content) throws IOException {
        if (!Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        Path fresh = beside(file);
        if (fresh == null) {
            Files.writeString(file, content);
            return;
        }
        try {
            Files.writeString(fresh, content);
            move(fresh, file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** An empty file that belongs to whom the other one does, or null where the user may not make one: the folder is another's. */
    private static @Nullable Path beside(Path file) throws IOException {
        Path fresh = null;
        try {
            fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".streamx-format", ".tmp");
            keepAttributes(file, fresh);
            return fresh;
        } catch (FileSystemException e) {
            if (fresh != null) {
                Files.delete(fresh);
            }
            return null;
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Owner, group and permissions, where the file system has them. */
    private static void keepAttributes(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes before = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributes now = view.readAttributes();
        if (!before.owner().equals(now.owner())) {
            view.setOwner(before.owner());
        }
        if (!before.group().equals(now.group())) {
            view.setGroup(before.group());
        }
        view.setPermissions(before.permissions());
    }

    private static @Nullable String formatted(String name, byte[] content, PrintWriter err) {
        ThriftFormat.Result result = ThriftFormat.format(name, content);
        result.errors().forEach(err::println);
        return result.text();
    }

    private static boolean isInStyle(String name, byte[] before, String after, PrintWriter out) {
        boolean same = after.equals(new String(before, StandardCharsets.UTF_8));
        if (!same) {
            out.println(name + ": not in the style (expected: what streamx idl format makes of it)");
        }
        return same;
    }
}
