package io.streamx.idl;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One IDL file, linked. */
public final class Document {
    private final Path source;
    private final String displayName;
    private List<Include> includes = List.of();
    private List<Namespace> namespaces = List.of();
    private List<Definition> definitions = List.of();
    private List<Constant> constantsInOrder = List.of();

    Document(Path source, String displayName) {
        this.source = source;
        this.displayName = displayName;
    }

    void complete(
            List<Include> includes,
            List<Namespace> namespaces,
            List<Definition> definitions,
            List<Constant> constantsInOrder) {
        this.includes = List.copyOf(includes);
        this.namespaces = List.copyOf(namespaces);
        this.definitions = List.copyOf(definitions);
        this.constantsInOrder = List.copyOf(constantsInOrder);
    }

    /** Where the file was read from; for a file in a jar a path of that jar's file system. */
    public Path source() {
        return source;
    }

    /** The file as messages show it. */
    public String displayName() {
        return displayName;
    }

    /** The file's name without folders and last extension, by which other files refer to what this one defines. */
    public String name() {
        return nameOf(source);
    }

    static String nameOf(Path source) {
        Path fileName = source.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** The includes in the order written. */
    public List<Include> includes() {
        return includes;
    }

    /** The namespace headers in the order written. */
    public List<Namespace> namespaces() {
        return namespaces;
    }

    /** The namespace that the file declares for {@code scope}, else the one that it declares for {@code *}, else null. */
    public @Nullable String namespace(String scope) {
        String exact = exactNamespace(scope);
        return exact == null ? exactNamespace("*") : exact;
    }

    private @Nullable String exactNamespace(String scope) {
        for (Namespace namespace : namespaces) {
            if (namespace.scope().equals(scope)) {
                return namespace.name();
            }
        }
        return null;
    }

    /** The namespace of a file that declares none: {@link #name()} in lower case. */
    public String defaultNamespace() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All definitions in the order written. */
    public List<Definition> definitions() {
        return definitions;
    }

    /**
     * The constants, each behind those its value is made of: those it names, and those in defaults of the structs it
     * holds.
     */
    public List<Constant> constantsInOrder() {
        return constantsInOrder;
    }

    /** The definitions of one kind in the order written, as in {@code definitions(StructType.class)}. */
    public <T extends Definition> List<T> definitions(Class<T> kind) {
        return definitions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public String toString() {
        return displayName;
    }
}
