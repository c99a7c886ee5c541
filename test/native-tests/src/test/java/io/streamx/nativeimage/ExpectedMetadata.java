package io.streamx.nativeimage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamx.nativeimage.LookUp.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The metadata that fits what the modules look up, in the form of one file for each of them. */
final class ExpectedMetadata {
    private final Map<Modules, List<LookUp>> lookUps = new EnumMap<>(Modules.class);
    /** Which class loads the providers of a service. */
    private final Map<String, String> loaders = new TreeMap<>();

    ExpectedMetadata() throws IOException {
        for (Modules module : Modules.values()) {
            lookUps.put(module, module.lookUps());
        }
        lookUps.values().stream()
                .flatMap(List::stream)
                .filter(one -> one.kind() == Kind.SERVICE)
                .forEach(one -> loaders.put(one.type(), one.by()));
    }

    List<LookUp> lookUps(Modules module) {
        return lookUps.getOrDefault(module, List.of());
    }

    /** The file of that module; empty if it needs none. */
    ObjectNode of(Modules module) throws IOException {
        Map<String, ObjectNode> types = new TreeMap<>();
        Map<String, ObjectNode> resources = new TreeMap<>();
        for (LookUp one : lookUps(module)) {
            switch (one.kind()) {
                case TYPE -> entry(types, one.type(), one.by());
                case HANDLER -> entry(types, one.type(), one.by()).put("allPublicMethods", true);
                case FIELD ->
                    array(entry(types, one.type(), one.by()), "fields").add(named(one.member()));
                case CONSTRUCTOR -> constructor(entry(types, one.type(), one.by()), one.parameters());
                case SERVICE -> resource(resources, "META-INF/services/" + one.type(), one.by());
                case RESOURCE -> resource(resources, one.type(), one.by());
                case UNKNOWN -> throw new AssertionError(one + " (expected: a look-up that LookUpScan has a rule for)");
            }
        }
        providers(module, types, resources);
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        if (!types.isEmpty()) {
            file.set("reflection", JsonNodeFactory.instance.arrayNode().addAll(types.values()));
        }
        if (!resources.isEmpty()) {
            file.set("resources", JsonNodeFactory.instance.arrayNode().addAll(resources.values()));
        }
        return file;
    }

    private void providers(Modules module, Map<String, ObjectNode> types, Map<String, ObjectNode> resources)
            throws IOException {
        Map<String, List<String>> services = module.with(ExpectedMetadata::services);
        services.forEach((service, providers) -> {
            String loader = loaders.get(service);
            if (loader == null) {
                throw new AssertionError(service + " of " + module + " is loaded by nobody");
            }
            resource(resources, "META-INF/services/" + service, loader);
            providers.forEach(provider -> constructor(entry(types, provider, loader), List.of()));
        });
    }

    private static Map<String, List<String>> services(Path root) throws IOException {
        Map<String, List<String>> services = new TreeMap<>();
        Path folder = root.resolve("META-INF/services");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    services.put(
                            file.getFileName().toString(),
                            Files.readAllLines(file).stream()
                                    .map(line -> line.replaceAll("#.*", "").strip())
                                    .filter(line -> !line.isEmpty())
                                    .toList());
                }
            }
        }
        return services;
    }

    private static ObjectNode entry(Map<String, ObjectNode> types, String type, String reached) {
        return types.computeIfAbsent(type + " " + reached, key -> {
            ObjectNode entry = JsonNodeFactory.instance.objectNode();
            entry.set("condition", condition(reached));
            return entry.put("type", type);
        });
    }

    private static ObjectNode condition(String reached) {
        return JsonNodeFactory.instance.objectNode().put("typeReached", reached);
    }

    private static void resource(Map<String, ObjectNode> resources, String name, String reached) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.set("condition", condition(reached));
        resources.put(name, entry.put("glob", name));
    }

    private static void constructor(ObjectNode entry, List<String> parameters) {
        ObjectNode method = named("<init>");
        ArrayNode types = method.putArray("parameterTypes");
        new ArrayList<>(parameters).forEach(types::add);
        array(entry, "methods").add(method);
    }

    private static ArrayNode array(ObjectNode entry, String name) {
        return entry.withArray(name);
    }

    private static ObjectNode named(String name) {
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }
}
