package io.streamx.generic.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Puts the files of a descriptor set together, each with those that it imports, in whatever order they stand. */
public final class LinkedFiles {
    private final String source;
    private final Map<String, FileDescriptorProto> unlinked = new LinkedHashMap<>();
    private final Map<String, FileDescriptor> linked = new LinkedHashMap<>();
    private final Set<String> importing = new LinkedHashSet<>();

    private LinkedFiles(String source) {
        this.source = source;
    }

    /**
     * The files of a set.
     *
     * @throws IllegalArgumentException when {@code descriptorSet} is none, or lacks what its files import
     */
    static Collection<FileDescriptor> of(Path descriptorSet) {
        FileDescriptorSet set;
        try (InputStream in = Files.newInputStream(descriptorSet)) {
            set = FileDescriptorSet.parseFrom(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    descriptorSet + ": " + e.getMessage() + " (expected: a file of protoc --descriptor_set_out)", e);
        }
        return of(descriptorSet.toString(), set.getFileList()).values();
    }

    /**
     * Links files with each other. Any thread.
     *
     * @param source where the files come from, for errors
     * @param files each with all that it imports among the others
     * @return the linked files by their names
     * @throws IllegalArgumentException when a file imports what is not among them, or when they do not fit together
     */
    public static Map<String, FileDescriptor> of(String source, Collection<FileDescriptorProto> files) {
        LinkedFiles all = new LinkedFiles(source);
        files.forEach(file -> all.unlinked.put(file.getName(), file));
        all.unlinked.keySet().forEach(all::link);
        return all.linked;
    }

    private FileDescriptor link(String name) {
        FileDescriptor known = linked.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptorProto file = unlinked.get(name);
        if (file == null) {
            throw new IllegalArgumentException(source + ": imports " + name
                    + ", which is not in it (expected: with all imports, as protoc --include_imports writes it)");
        }
        if (!importing.add(name)) {
            throw new IllegalArgumentException(source + ": " + name + " imports itself by way of " + importing);
        }
        FileDescriptor[] imports =
                file.getDependencyList().stream().map(this::link).toArray(FileDescriptor[]::new);
        importing.remove(name);
        try {
            FileDescriptor made = FileDescriptor.buildFrom(file, imports);
            linked.put(name, made);
            return made;
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }
}
