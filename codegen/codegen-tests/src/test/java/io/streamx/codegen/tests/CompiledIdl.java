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
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        JavaSources.compile(
                files.stream()
                        .map(file -> JavaSources.source(file.path(), file.content()))
                        .toList(),
                output,
                output);
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

    /** The same classes, none of them initialised yet; the caller closes it. */
    CompiledIdl again() throws IOException {
        return new CompiledIdl(folder);
    }

    ClassLoader loader() {
        return classes;
    }

    /** The classes with those of another folder, which see them. */
    ClassLoader with(Path other) throws IOException {
        return new URLClassLoader(new URL[] {other.toUri().toURL()}, classes);
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }
}
