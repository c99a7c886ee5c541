package io.streamx.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamx.nativeimage.LookUp.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The metadata that each module carries for GraalVM is just what its classes look up by name. After a change that is meant,
 * {@code -Dnative.refresh=true} writes the files anew.
 */
class NativeMetadataTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What the format of GraalVM allows, as far as these files use it. */
    private static final Set<String> FILE = Set.of("reflection", "resources");

    private static final Set<String> TYPE = Set.of("condition", "type", "fields", "methods", "allPublicMethods");

    private static ObjectNode expected(Modules module) throws IOException {
        return new ExpectedMetadata().of(module);
    }

    private static void refresh(Modules module, ObjectNode expected) throws IOException {
        Path file = Path.of("../..", module.folder, "src/main/resources").resolve(module.metadata());
        if (expected.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writer(printer).writeValueAsString(expected) + "\n");
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode metadata(Modules module) throws IOException {
        return module.with(root -> {
            Path file = root.resolve(module.metadata());
            return Files.exists(file) ? JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
        });
    }

    @ParameterizedTest
    @EnumSource(Modules.class)
    void theMetadataOfAModuleIsWhatItsClassesLookUp(Modules module) throws IOException {
        ObjectNode expected = expected(module);
        if (Boolean.getBoolean("native.refresh")) {
            refresh(module, expected);
            return;
        }
        assertThat(metadata(module))
                .as("-Dnative.refresh=true writes it anew: CONTRIBUTING.md")
                .isEqualTo(JSON.readTree(expected.toString()));
    }

    @ParameterizedTest
    @EnumSource(Modules.class)
    void theMetadataHasTheStructureOfGraalVmsFormat(Modules module) throws IOException {
        JsonNode file = metadata(module);
        assertThat(names(file)).isSubsetOf(FILE);
        for (JsonNode entry : file.path("reflection")) {
            assertThat(names(entry)).isSubsetOf(TYPE);
            assertThat(entry.path("type").isTextual()).as(entry.toString()).isTrue();
            assertThat(entry.path("condition").path("typeReached").isTextual())
                    .as(entry.toString())
                    .isTrue();
            entry.path("fields").forEach(field -> assertThat(names(field)).containsExactly("name"));
            entry.path("methods")
                    .forEach(method -> assertThat(names(method)).containsExactly("name", "parameterTypes"));
        }
        for (JsonNode entry : file.path("resources")) {
            assertThat(names(entry)).containsExactlyInAnyOrder("condition", "glob");
        }
    }

    @ParameterizedTest
    @EnumSource(Modules.class)
    void whatTheMetadataNamesIsThere(Modules module) throws Exception {
        for (JsonNode entry : metadata(module).path("reflection")) {
            ClassLoader loader = getClass().getClassLoader();
            Class.forName(entry.path("condition").path("typeReached").asText(), false, loader);
            Class<?> type = Class.forName(entry.path("type").asText(), false, loader);
            for (JsonNode field : entry.path("fields")) {
                assertThat(List.of(type.getDeclaredFields()))
                        .extracting(one -> one.getName())
                        .contains(field.path("name").asText());
            }
        }
    }

    @Test
    void theScanSeesWhatItShould() throws IOException {
        assertThat(Modules.API.lookUps())
                .contains(LookUp.of(
                        Kind.FIELD,
                        "io.streamx.service.CallAttributes",
                        "io.streamx.service.CallAttributes",
                        "attributes"));
        assertThat(Modules.CORE.lookUps())
                .contains(
                        LookUp.of(Kind.TYPE, "io.streamx.net.LoopThreads", "java.lang.VirtualThread", "forName"),
                        LookUp.of(Kind.FIELD, "io.streamx.net.LoopThreads", "java.lang.VirtualThread", "scheduler"),
                        new LookUp(
                                Kind.CONSTRUCTOR,
                                "io.streamx.net.LoopThreads",
                                "java.lang.ThreadBuilders$VirtualThreadBuilder",
                                "<init>",
                                List.of("java.util.concurrent.Executor")),
                        LookUp.of(Kind.SERVICE, "io.streamx.wire.Providers", "io.streamx.wire.TransportProvider", ""));
    }
}
