package io.streamx.protoc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The real protoc with the plugin, as users run it. */
final class Protoc {
    private final Path directory;

    /** {@code directory} takes what is written. */
    Protoc(Path directory) {
        this.directory = directory;
    }

    /**
     * What a run said, and wrote.
     *
     * @param exitCode 0 when it went well
     * @param said on both outputs
     * @param files by their path
     */
    record Result(int exitCode, String said, TreeMap<String, String> files) {}

    /** Generates for {@code protos}, found below {@code root}, with {@code options} for the plugin. */
    Result run(Path root, String options, List<String> protos) throws IOException, InterruptedException {
        Path executable = Path.of("target", "protoc", "protoc.exe").toAbsolutePath();
        executable.toFile().setExecutable(true);
        Path output = Files.createDirectories(directory.resolve("generated"));
        List<String> command = new ArrayList<>(List.of(
                executable.toString(),
                "--plugin=protoc-gen-streamx=" + launcher(),
                "--proto_path=" + root.toAbsolutePath(),
                "--proto_path=" + wellKnown(),
                "--streamx_out=" + output));
        if (!options.isEmpty()) {
            command.add("--streamx_opt=" + options);
        }
        command.addAll(protos);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), said, contents(output));
    }

    /** A script, since protoc starts programs and not jars. */
    private Path launcher() throws IOException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command =
                '"' + java + "\" -cp \"" + System.getProperty("java.class.path") + "\" " + ProtocPlugin.class.getName();
        Path script = directory.resolve(windows ? "plugin.bat" : "plugin.sh");
        Files.writeString(script, windows ? "@" + command + "\r\n" : "#!/bin/sh\nexec " + command + "\n");
        script.toFile().setExecutable(true);
        return script.toAbsolutePath();
    }

    /** Protos that come with the library, out of its jar. */
    private Path wellKnown() throws IOException {
        Path root = directory.resolve("well-known");
        for (String name : new String[] {"descriptor", "empty", "java_features"}) {
            String path = "google/protobuf/" + name + ".proto";
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            try (var in = Protoc.class.getResourceAsStream("/" + path)) {
                Files.write(file, in.readAllBytes());
            }
        }
        return root;
    }

    /** All files below {@code root}. */
    static TreeMap<String, String> contents(Path root) throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.filter(Files::isRegularFile).forEach(path -> {
                try {
                    files.put(root.relativize(path).toString().replace('\\', '/'), Files.readString(path));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files;
    }
}
