package io.streamx.idl;

import io.streamx.idl.Syntax.FileNode;
import io.streamx.idl.Syntax.IncludeNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One file while it is linked: what its names lead to. */
final class Scope {
    private final Document document;
    private final FileNode node;
    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private final Map<IncludeNode, Scope> includes = new LinkedHashMap<>();
    private final Set<String> missingPrefixes = new HashSet<>();

    Scope(Document document, FileNode node) {
        this.document = document;
        this.node = node;
    }

    Document document() {
        return document;
    }

    FileNode node() {
        return node;
    }

    Map<IncludeNode, Scope> includes() {
        return includes;
    }

    void addInclude(IncludeNode include, Scope scope) {
        includes.put(include, scope);
    }

    /** An include that could not be read, reported already: names with its prefix are not reported again. */
    void addMissing(String prefix) {
        missingPrefixes.add(prefix);
    }

    /**
     * Makes a name known.
     *
     * @return the definition that had it before, or null
     */
    @Nullable
    Definition declare(Definition definition) {
        return definitions.putIfAbsent(definition.name(), definition);
    }

    /** The definitions of this file, each name once. */
    List<Definition> definitions() {
        return List.copyOf(definitions.values());
    }

    @Nullable
    Definition local(String name) {
        return definitions.get(name);
    }

    /** What the prefix stands for: one included file, or several of one base name. */
    List<Scope> included(String prefix) {
        List<Scope> found = new ArrayList<>();
        for (Scope scope : includes.values()) {
            if (scope.document.name().equals(prefix)) {
                found.add(scope);
            }
        }
        return found;
    }

    /** The definition a name leads to, {@code Name} in this file or {@code prefix.Name} in a directly included one. */
    @Nullable
    Definition find(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return definitions.get(name);
        }
        for (Scope scope : included(name.substring(0, dot))) {
            Definition found = scope.definitions.get(name.substring(dot + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether a name that is not found may stand in a part that could not be read, which has been reported. */
    boolean mayBeLost(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return node.namesLost();
        }
        String prefix = name.substring(0, dot);
        return missingPrefixes.contains(prefix)
                || included(prefix).stream().anyMatch(scope -> scope.node.namesLost())
                || (node.namesLost() && included(prefix).isEmpty());
    }
}
