package io.streamx.interop;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list of cases, {@code test/interop/cases.json}; the Go peer reads the same file. */
final class CaseList {
    /** The issues whose cases must pass. An issue that is done is added here, and stays. */
    private static final Set<Integer> DUE = Set.of(3, 4, 5, 6, 7);

    private static final List<InteropCase> LISTED = read(Path.of("cases.json"));
    private static final List<InteropCase> ALL =
            LISTED.stream().flatMap(InteropCase::variants).toList();

    private CaseList() {}

    /** The cases that are due and that this pair of peers can play, as often as they like. */
    static Stream<InteropCase> due(String client, String server) {
        return playable(client, server).filter(one -> !one.endsServer());
    }

    /** The cases that are due, that this pair of peers can play, and that cost a server its life. */
    static Stream<InteropCase> endingTheServer(String client, String server) {
        return playable(client, server).filter(InteropCase::endsServer);
    }

    /** Names as the file has them, without those of the carriers. */
    static Set<String> names() {
        return LISTED.stream().map(InteropCase::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** One case, whoever can play it. */
    static InteropCase named(String name) {
        return ALL.stream()
                .filter(one -> one.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("case: '" + name + "' (expected: one of the list)"));
    }

    private static Stream<InteropCase> playable(String client, String server) {
        return ALL.stream().filter(one -> DUE.contains(one.issue()) && one.playableBy(client, server));
    }

    private static List<InteropCase> read(Path file) {
        try {
            return new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.toAbsolutePath(), e);
        }
    }
}
