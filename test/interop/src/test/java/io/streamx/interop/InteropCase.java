package io.streamx.interop;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list: what a client does, and what it must write down. Which peers play it is not its business,
 * except where one of them cannot.
 *
 * @param issue the issue that asks for it
 * @param carriers what unary calls travel on, on TTHeader: the entry stands for a case on each; empty for the default
 * @param transports what the entry is played on: a case on each. TTHeader alone where it does not say
 * @param expect the lines expected of every pair of peers that {@code expectOf} does not name
 * @param clients peers that can play the client; empty for all
 * @param servers peers that can play the server; empty for all
 */
record InteropCase(
        String name,
        int issue,
        Options options,
        List<String> carriers,
        List<String> transports,
        List<String> steps,
        List<String> expect,
        Map<String, List<String>> expectOf,
        List<String> clients,
        List<String> servers) {
    /** The issue that every case over gRPC belongs to, whichever issue its entry is of. */
    private static final int ISSUE_OF_GRPC = 7;

    @JsonCreator
    InteropCase(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "issue", required = true) int issue,
            @JsonProperty("options") @Nullable Options options,
            @JsonProperty("carriers") @Nullable List<String> carriers,
            @JsonProperty("transports") @Nullable List<String> transports,
            @JsonProperty(value = "steps", required = true) List<String> steps,
            @JsonProperty(value = "expect", required = true) List<String> expect,
            @JsonProperty("expectOf") @Nullable Map<String, List<String>> expectOf,
            @JsonProperty("clients") @Nullable List<String> clients,
            @JsonProperty("servers") @Nullable List<String> servers) {
        this.name = name;
        this.issue = issue;
        this.options = options == null ? Options.NONE : options;
        this.carriers = carriers == null ? List.of() : List.copyOf(carriers);
        this.transports = transports == null ? List.of(Options.TTHEADER) : List.copyOf(transports);
        this.steps = List.copyOf(steps);
        this.expect = List.copyOf(expect);
        this.expectOf = expectOf == null ? Map.of() : Map.copyOf(expectOf);
        this.clients = clients == null ? List.of() : List.copyOf(clients);
        this.servers = servers == null ? List.of() : List.copyOf(servers);
    }

    /**
     * What the case asks of its client; absent and zero mean that the peer's default holds.
     *
     * @param transport {@code grpc} with Thrift payloads, {@code protobuf} over gRPC, {@code kitex-protobuf} without,
     *     null for Thrift on TTHeader
     * @param metadata the call's own entries, of gRPC alone
     * @param token the bearer token that the client's credentials give each call, of a Java client alone
     * @param compressor what each message of the client is compressed with, of gRPC alone
     */
    record Options(
            @Nullable Integer connections,
            @Nullable String pool,
            @Nullable String carrier,
            @Nullable String transport,
            @Nullable Integer timeoutMs,
            @Nullable Integer recvTimeoutMs,
            boolean keepRemote,
            @Nullable String clientName,
            Map<String, String> persistent,
            @JsonProperty("transient") Map<String, String> transients,
            Map<String, String> metadata,
            @Nullable String token,
            @Nullable String compressor,
            boolean backward) {
        static final String TTHEADER = "ttheader";
        static final String GRPC = "grpc";
        static final String PROTOBUF = "protobuf";
        static final String KITEX_PROTOBUF = "kitex-protobuf";

        static final Options NONE = new Options(
                null, null, null, null, null, null, false, null, Map.of(), Map.of(), Map.of(), null, null, false);

        Options {
            persistent = persistent == null ? Map.of() : Map.copyOf(persistent);
            transients = transients == null ? Map.of() : Map.copyOf(transients);
            metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
        }

        boolean overGrpc() {
            return GRPC.equals(transport) || PROTOBUF.equals(transport);
        }

        boolean withProtobuf() {
            return PROTOBUF.equals(transport) || KITEX_PROTOBUF.equals(transport);
        }

        private Options on(@Nullable String carrier, @Nullable String transport) {
            return new Options(
                    connections,
                    pool,
                    carrier,
                    transport,
                    timeoutMs,
                    recvTimeoutMs,
                    keepRemote,
                    clientName,
                    persistent,
                    transients,
                    metadata,
                    token,
                    compressor,
                    backward);
        }
    }

    /** The cases that this entry of the list stands for. */
    Stream<InteropCase> variants() {
        return transports.stream().flatMap(transport -> {
            if (!transport.equals(Options.TTHEADER)) {
                int ofIssue = transport.equals(Options.KITEX_PROTOBUF) ? issue : ISSUE_OF_GRPC;
                return Stream.of(variant("-" + transport, ofIssue, options.on(null, transport)));
            }
            return carriers.isEmpty()
                    ? Stream.of(variant("", issue, options))
                    : carriers.stream().map(carrier -> variant("-" + carrier, issue, options.on(carrier, null)));
        });
    }

    private InteropCase variant(String suffix, int ofIssue, Options played) {
        return new InteropCase(
                name + suffix, ofIssue, played, List.of(), List.of(), steps, expect, expectOf, clients, servers);
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
        return steps.stream().anyMatch(step -> step.contains("!exit") || step.contains(";stop;"));
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
