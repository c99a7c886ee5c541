package io.streamx.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.streamx.codegen.GeneratedFile;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.GeneratorResult;
import io.streamx.codegen.JavaGenerator;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * What generated Java costs whoever compiles it: makes structs of ten fields, compiles them as Maven does, with all debug
 * information, and prints how large source and classes are and what javac used. The figures of javac are those of a fresh
 * process, most of whose time is its own warm-up.
 */
public final class CodeGeneration {
    private static final int DEFAULT_STRUCTS = 2_000;

    private CodeGeneration() {}

    /** Measures as many structs as the argument says, 2,000 if there is none. */
    public static void main(String[] args) throws IOException {
        int structs = args.length == 0 ? DEFAULT_STRUCTS : Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("code-generation");
        try {
            measure(structs, folder);
        } finally {
            delete(folder);
        }
    }

    private static void measure(int structs, Path folder) throws IOException {
        List<GeneratedFile> files = generate(structs, folder);
        long sourceBytes =
                files.stream().mapToLong(file -> file.content().length()).sum();
        long lines =
                files.stream().mapToLong(file -> file.content().lines().count()).sum();

        Path classes = Files.createDirectory(folder.resolve("classes"));
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long cpuBefore = process.getProcessCpuTime();
        long bytesBefore = threads.getTotalThreadAllocatedBytes();
        compile(files, classes);
        double cpuSeconds = (process.getProcessCpuTime() - cpuBefore) / 1e9;
        double gigabytes = (threads.getTotalThreadAllocatedBytes() - bytesBefore) / 1e9;

        List<Path> compiled = filesOf(classes);
        long classBytes = 0;
        for (Path file : compiled) {
            classBytes += Files.size(file);
        }
        System.out.println(String.format(
                Locale.ROOT,
                "%,d structs of ten fields, of each: %,d lines and %,d bytes of source, %,d bytes in %.1f classes;"
                        + " javac: %.1f s of CPU, %.1f GB allocated",
                structs,
                lines / structs,
                sourceBytes / structs,
                classBytes / structs,
                (double) compiled.size() / structs,
                cpuSeconds,
                gigabytes));
    }

    /**
     * A struct with a mixture of what structs have: required, plain and optional fields, numbers, texts, containers and another
     * struct.
     */
    private static String struct(int number, int next) {
        return """
            struct S%1$d {
                1: required i64 id,
                2: required string name,
                3: i32 count,
                4: bool active,
                5: double ratio,
                6: optional string note,
                7: optional i64 parentId,
                8: list<string> tags,
                9: optional map<string, string> labels,
                10: optional S%2$d next,
            }
            """.formatted(number, next);
    }

    private static List<GeneratedFile> generate(int structs, Path folder) throws IOException {
        StringBuilder idl = new StringBuilder("namespace java generated\n");
        IntStream.range(0, structs).forEach(i -> idl.append(struct(i, (i + 1) % structs)));
        Path source = Files.writeString(folder.resolve("generated.thrift"), idl);
        IdlResult documents = ThriftIdl.load(List.of(source), List.of());
        GeneratorResult result = JavaGenerator.generate(documents.documents(), GeneratorOptions.DEFAULTS);
        if (documents.hasErrors() || result.hasErrors()) {
            throw new IllegalStateException(documents.errors() + " " + result.diagnostics() + " (expected: no errors)");
        }
        return result.files();
    }

    private static void compile(List<GeneratedFile> files, Path output) {
        List<JavaFileObject> sources = new ArrayList<>();
        files.forEach(file -> sources.add(new Source(file)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of(
                "--release",
                "21",
                "-g",
                "-proc:none",
                "-d",
                output.toString(),
                "-classpath",
                System.getProperty("java.class.path"));
        if (!compiler.getTask(null, null, null, options, null, sources).call()) {
            throw new IllegalStateException("the generated Java does not compile");
        }
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.toList().reversed();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(GeneratedFile file) {
            super(URI.create("string:///" + file.path()), Kind.SOURCE);
            content = file.content();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
