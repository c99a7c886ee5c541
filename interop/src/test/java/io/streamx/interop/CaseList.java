package io.streamx.interop;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The list of cases, {@code interop/cases.json}; the Go peer reads the same file. */
final class CaseList {
    /** The issues whose cases must pass. An issue that is done is added here, and stays. */
    private static final Set<Integer> DUE = Set.of(3, 4, 5, 6);

    private static final List<InteropCase> ALL = read(Path.of("cases.json"));

    private CaseList() {}

    /** The cases that are due and that this pair of peers can play, as often as they like. */
    static Stream<InteropCase> due(String client, String server) {
        return playable(client, server).filter(one -> !one.endsServer());
    }

    /** The cases that are due, that this pair of peers can play, and that cost a server its life. */
    static Stream<InteropCase> endingTheServer(String client, String server) {
        return playable(client, server).filter(InteropCase::endsServer);
    }

    private static Stream<InteropCase> playable(String client, String server) {
        return ALL.stream().filter(one -> DUE.contains(one.issue()) && one.playableBy(client, server));
    }

    private static List<InteropCase> read(Path file) {
        try {
            List<InteropCase> listed = new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
            return listed.stream()
                    .flatMap(one -> one.carriers().isEmpty()
                            ? Stream.of(one)
                            : one.carriers().stream().map(one::on))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.toAbsolutePath(), e);
        }
    }
}
