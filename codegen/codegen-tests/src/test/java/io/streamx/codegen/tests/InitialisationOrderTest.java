package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever class a program touches first, the constants and defaults of generated code are what the IDL says. */
class InitialisationOrderTest {
    private static final String IDL = """
            namespace java compiled
            const Limits FALLBACK = {"burst": 3}
            const list<Limits> ALL = [FALLBACK, {}]
            const Choice CHOICE = {"limits": {}}
            const map<Level, Choice> BY_LEVEL = {Level.HIGH: CHOICE}
            const list<string> ZONES = ["north", "south"]
            const Level USUAL = Level.HIGH
            enum Level { LOW, HIGH }
            struct Limits {
                1: i32 burst = 1,
                2: list<string> zones = ZONES,
                3: Level level = USUAL,
                4: optional Inner inner = {},
            }
            struct Inner { 1: list<string> zones = ZONES, 2: Level level = Level.LOW }
            union Choice { 1: Limits limits, 2: Level level }
            exception Failed { 1: list<Level> levels = [USUAL], 2: Choice choice = CHOICE }
            service Calls {
                Limits Get(1: Limits limits = {}, 2: list<Level> levels = [USUAL]) throws (1: Failed failed),
            }
            """;

    private static final String LIMITS =
            "Limits[burst=%d, zones=[north, south], level=HIGH, inner=Inner[zones=[north, south]," + " level=LOW]]";
    private static final String EXPECTED = LIMITS.formatted(3) + " [" + LIMITS.formatted(3) + ", " + LIMITS.formatted(1)
            + "] {HIGH=Limits[value=" + LIMITS.formatted(1) + "]}";

    @TempDir
    Path directory;

    @Test
    void everyClassCanBeTheFirst() throws Exception {
        try (CompiledIdl idl = CompiledIdl.of(IDL, directory)) {
            List<String> classes = classes(idl.folder());
            assertThat(classes).contains("compiled.CompiledConstants", "compiled.Limits$Codec", "compiled.Level$Known");
            for (String first : classes) {
                try (CompiledIdl fresh = idl.again()) {
                    Class.forName(first, true, fresh.loader());
                    assertThat(constants(fresh)).as("first touched: %s", first).isEqualTo(EXPECTED);
                }
            }
        }
    }

    private static String constants(CompiledIdl idl) throws ReflectiveOperationException {
        Class<?> constants = idl.type("CompiledConstants");
        return constants.getField("FALLBACK").get(null) + " "
                + constants.getField("ALL").get(null) + " "
                + constants.getField("BY_LEVEL").get(null);
    }

    private static List<String> classes(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.map(file ->
                            folder.relativize(file).toString().replace('/', '.').replace('\\', '.'))
                    .filter(name -> name.endsWith(".class") && !name.contains("package-info"))
                    .forEach(name -> names.add(name.substring(0, name.length() - ".class".length())));
        }
        names.sort(null);
        return names;
    }
}
