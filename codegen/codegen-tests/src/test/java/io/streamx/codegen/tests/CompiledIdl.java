package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.streamx.codegen.GeneratedFile;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.GeneratorResult;
import io.streamx.codegen.JavaGenerator;
import io.streamx.codegen.SkeletonGenerator;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import io.streamx.thrift.StructCodec;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** An IDL made into Java and compiled with all warnings as errors, ready to be run. */
final class CompiledIdl implements AutoCloseable {
    private final Path folder;
    private final URLClassLoader classes;

    private CompiledIdl(Path folder) throws IOException {
        this.folder = folder;
        classes = new URLClassLoader(new URL[] {folder.toUri().toURL()});
    }

    /** Compiles {@code idl} in {@code directory}; the caller closes it. */
    static CompiledIdl of(String idl, Path directory) throws IOException {
        return of(idl, directory, false);
    }

    /** The same with handlers and a server main to start from. */
    static CompiledIdl withSkeletons(String idl, Path directory) throws IOException {
        return of(idl, directory, true);
    }

    private static CompiledIdl of(String idl, Path directory, boolean skeletons) throws IOException {
        Path source = Files.writeString(directory.resolve("compiled.thrift"), idl);
        IdlResult documents = ThriftIdl.load(List.of(source), List.of());
        assertThat(documents.errors()).isEmpty();
        GeneratorResult result = JavaGenerator.generate(documents.documents(), GeneratorOptions.DEFAULTS);
        assertThat(result.diagnostics()).isEmpty();
        List<GeneratedFile> files = new ArrayList<>(result.files());
        if (skeletons) {
            files.addAll(SkeletonGenerator.generate(documents.documents(), GeneratorOptions.DEFAULTS));
        }
        Path output = Files.createDirectory(directory.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringBuilder messages = new StringBuilder();
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        diagnostic -> messages.append(diagnostic).append('\n'),
                        List.of(
                                "-Xlint:all",
                                "-Werror",
                                "--release",
                                "21",
                                "-d",
                                output.toString(),
                                "-proc:none",
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        files.stream().map(Source::new).toList())
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        return new CompiledIdl(output);
    }

    /** Where the classes are. */
    Path folder() {
        return folder;
    }

    /** Reads a struct and writes it again. */
    void copy(String struct, ByteBuf in, ByteBuf out) throws ReflectiveOperationException {
        copy(codec(struct), in, out);
    }

    private static <T> void copy(StructCodec<T> codec, ByteBuf in, ByteBuf out) {
        T value = codec.decode(in);
        assertThat(value).hasToString(value.toString()).isEqualTo(value).hasSameHashCodeAs(value);
        codec.encode(value, out);
    }

    private StructCodec<?> codec(String struct) throws ReflectiveOperationException {
        return (StructCodec<?>) type(struct).getField("CODEC").get(null);
    }

    Class<?> type(String name) throws ClassNotFoundException {
        return classes.loadClass("compiled." + name);
    }

    @Override
    public void close() throws IOException {
        classes.close();
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
