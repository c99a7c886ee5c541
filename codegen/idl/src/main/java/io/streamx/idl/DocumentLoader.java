package io.streamx.idl;

import io.streamx.idl.Syntax.IncludeNode;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads files and what they include, each once. */
final class DocumentLoader {
    private final List<Path> includeDirs;
    private final Path workingDirectory;
    private final Diagnostics diagnostics = new Diagnostics();
    private final Map<Path, Scope> scopes = new LinkedHashMap<>();
    private final Deque<Scope> unread = new ArrayDeque<>();

    DocumentLoader(List<Path> includeDirs, Path workingDirectory) {
        this.includeDirs = List.copyOf(includeDirs);
        this.workingDirectory = workingDirectory;
    }

    IdlResult load(List<Path> files) {
        Set<Scope> asked = new LinkedHashSet<>();
        for (Path file : files) {
            Scope scope = read(file, null);
            if (scope != null) {
                asked.add(scope);
            }
        }
        while (!unread.isEmpty()) {
            includes(unread.removeFirst());
        }
        Cycles<Scope> sorted =
                Cycles.search(scopes.values(), scope -> scope.includes().values());
        sorted.circles().forEach(this::reportCircle);
        new Linker(sorted.order(), diagnostics).link();
        if (diagnostics.errorCount() > 0) {
            return IdlResult.failed(diagnostics.sorted());
        }
        return new IdlResult(
                asked.stream().map(Scope::document).toList(),
                sorted.order().stream().map(Scope::document).toList(),
                diagnostics.sorted());
    }

    private void reportCircle(List<Scope> circle) {
        Scope last = circle.get(circle.size() - 1);
        Scope first = circle.get(0);
        last.includes().forEach((include, target) -> {
            if (target.equals(first)) {
                diagnostics.error(include.position(), "include circle: " + path(circle));
            }
        });
    }

    private static String path(List<Scope> circle) {
        return circle.stream().map(scope -> scope.document().displayName()).collect(Collectors.joining(" -> ")) + " -> "
                + circle.get(0).document().displayName();
    }

    private void includes(Scope scope) {
        Set<String> seen = new LinkedHashSet<>();
        for (IncludeNode include : scope.node().includes()) {
            if (include.path().isEmpty() || !seen.add(include.path())) {
                continue;
            }
            Path file = find(include, scope.document().source());
            Scope included = file == null ? null : read(file, include);
            if (included == null) {
                scope.addMissing(prefix(include.path()));
            } else {
                scope.addInclude(include, included);
            }
        }
    }

    private static String prefix(String includePath) {
        String name = includePath.substring(includePath.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private @Nullable Path find(IncludeNode include, Path from) {
        try {
            Set<Path> candidates = new LinkedHashSet<>();
            candidates.add(workingDirectory.resolve(include.path()));
            candidates.add(from.resolveSibling(include.path()));
            for (Path dir : includeDirs) {
                candidates.add(dir.resolve(include.path()));
            }
            for (Path candidate : candidates) {
                if (Files.isRegularFile(candidate)) {
                    return candidate.normalize();
                }
            }
            String tried =
                    candidates.stream().map(path -> shown(path.normalize())).collect(Collectors.joining(", "));
            diagnostics.error(
                    include.position(),
                    "include \"" + Diagnostics.shown(include.path()) + "\" not found (looked for: " + tried + ")");
        } catch (InvalidPathException e) {
            diagnostics.error(
                    include.position(),
                    "include \"" + Diagnostics.shown(include.path()) + "\" is no file name: " + e.getReason());
        }
        return null;
    }

    /** The scope of a file, read now if it is new; null, and reported, if it cannot be read. */
    private @Nullable Scope read(Path file, @Nullable IncludeNode include) {
        try {
            Path key = file.toRealPath();
            Scope known = scopes.get(key);
            if (known != null) {
                return known;
            }
            SourceText source = SourceText.decode(shown(file), Files.readAllBytes(file));
            Scope scope = new Scope(new Document(file, source.file()), Parser.parse(source, diagnostics));
            scopes.put(key, scope);
            unread.addLast(scope);
            return scope;
        } catch (IOException e) {
            SourcePosition position = include == null ? new SourcePosition(shown(file), 1, 1) : include.position();
            String reason = e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
            diagnostics.error(position, "cannot read " + shown(file) + ": " + reason);
            return null;
        }
    }

    /** Files of a jar as {@code the.jar!/path}, others as they are. */
    private static String shown(Path file) {
        if (file.getFileSystem().equals(FileSystems.getDefault())) {
            return file.toString();
        }
        String container = file.getFileSystem().toString();
        String jar = container.substring(container.replace('\\', '/').lastIndexOf('/') + 1);
        List<String> names = new ArrayList<>();
        file.forEach(name -> names.add(name.toString()));
        return jar + "!/" + String.join("/", names);
    }
}
