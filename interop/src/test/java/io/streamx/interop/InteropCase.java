package io.streamx.interop;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list: what a client does, and what it must write down. Which peers play it is not its business,
 * except where one of them cannot.
 *
 * @param issue the issue that asks for it
 * @param carriers the list of carriers the entry stands for; empty once {@link CaseList} has made one case of each
 * @param expect the lines expected of every pair of peers that {@code expectOf} does not name
 * @param clients peers that can play the client; empty for all
 * @param servers peers that can play the server; empty for all
 */
record InteropCase(
        String name,
        int issue,
        Options options,
        List<String> carriers,
        List<String> steps,
        List<String> expect,
        Map<String, List<String>> expectOf,
        List<String> clients,
        List<String> servers) {

    @JsonCreator
    InteropCase(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "issue", required = true) int issue,
            @JsonProperty("options") @Nullable Options options,
            @JsonProperty("carriers") @Nullable List<String> carriers,
            @JsonProperty(value = "steps", required = true) List<String> steps,
            @JsonProperty(value = "expect", required = true) List<String> expect,
            @JsonProperty("expectOf") @Nullable Map<String, List<String>> expectOf,
            @JsonProperty("clients") @Nullable List<String> clients,
            @JsonProperty("servers") @Nullable List<String> servers) {
        this.name = name;
        this.issue = issue;
        this.options = options == null ? Options.NONE : options;
        this.carriers = carriers == null ? List.of() : List.copyOf(carriers);
        this.steps = List.copyOf(steps);
        this.expect = List.copyOf(expect);
        this.expectOf = expectOf == null ? Map.of() : Map.copyOf(expectOf);
        this.clients = clients == null ? List.of() : List.copyOf(clients);
        this.servers = servers == null ? List.of() : List.copyOf(servers);
    }

    /** What the case asks of its client; absent and zero mean that the peer's default holds. */
    record Options(
            @Nullable Integer connections,
            @Nullable String pool,
            @Nullable String carrier,
            @Nullable Integer timeoutMs,
            @Nullable Integer recvTimeoutMs,
            boolean keepRemote,
            @Nullable String clientName,
            Map<String, String> persistent,
            @JsonProperty("transient") Map<String, String> transients,
            boolean backward) {
        static final Options NONE = new Options(null, null, null, null, null, false, null, Map.of(), Map.of(), false);

        Options {
            persistent = persistent == null ? Map.of() : Map.copyOf(persistent);
            transients = transients == null ? Map.of() : Map.copyOf(transients);
        }

        Options withCarrier(String carrier) {
            return new Options(
                    connections,
                    pool,
                    carrier,
                    timeoutMs,
                    recvTimeoutMs,
                    keepRemote,
                    clientName,
                    persistent,
                    transients,
                    backward);
        }
    }

    /** The case on one carrier. */
    InteropCase on(String carrier) {
        return new InteropCase(
                name + "-" + carrier,
                issue,
                options.withCarrier(carrier),
                List.of(),
                steps,
                expect,
                expectOf,
                clients,
                servers);
    }

    boolean playableBy(String client, String server) {
        return (clients.isEmpty() || clients.contains(client)) && (servers.isEmpty() || servers.contains(server));
    }

    /** Whether a further server takes part. */
    boolean hasFurtherHops() {
        return steps.stream().anyMatch(step -> step.contains("{b}"));
    }

    /** Whether the server's process ends with the case. */
    boolean endsServer() {
        return steps.stream().anyMatch(step -> step.contains("!exit"));
    }

    /** What this pair of peers should show; the most exact entry counts. */
    List<String> expected(String client, String server) {
        for (String pair : List.of("client=" + client + " server=" + server, "client=" + client, "server=" + server)) {
            List<String> lines = expectOf.get(pair);
            if (lines != null) {
                return lines;
            }
        }
        return expect;
    }

    /** The name, which is how a test report shows it. */
    @Override
    public String toString() {
        return name;
    }
}
