package io.streamx.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Medians and ratios of many runs: of all, and of those in which the processors were equally far from each other. */
final class LoadReport {
    /** The end of the name of a stack that is another one with traces and metrics on. */
    private static final String TELEMETRY = "-otel";

    private LoadReport() {}

    /** Writes the table, the chart and a line to each run into that folder. */
    static void write(Path folder, List<String> heading, Map<String, Map<String, List<Run>>> runs) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("results.md"), markdown(heading, runs));
        Files.writeString(folder.resolve("chart.svg"), Chart.svg(heading, medians(runs)));
        List<String> lines = new ArrayList<>();
        runs.forEach((workload, stacks) ->
                stacks.forEach((stack, list) -> list.forEach(run -> lines.add(workload + " " + stack + " " + run))));
        Files.write(folder.resolve("runs.txt"), lines);
    }

    /** Messages a second, by workload and stack. */
    private static Map<String, Map<String, Double>> medians(Map<String, Map<String, List<Run>>> runs) {
        Map<String, Map<String, Double>> medians = new LinkedHashMap<>();
        runs.forEach((workload, stacks) ->
                stacks.forEach((stack, list) -> medians.computeIfAbsent(workload, name -> new LinkedHashMap<>())
                        .put(stack, median(list, Run::messagesPerSecond))));
        return medians;
    }

    /** The tables. */
    static String markdown(List<String> heading, Map<String, Map<String, List<Run>>> runs) {
        List<String> lines = new ArrayList<>();
        heading.forEach(line -> lines.add(line + "  "));
        table("all runs", runs, run -> true, lines);
        for (Crossing crossing : Crossing.values()) {
            table(
                    "processors " + crossing.name().toLowerCase(Locale.ROOT),
                    runs,
                    run -> run.crossing() == crossing,
                    lines);
        }
        lines.add("");
        Map<String, String> executors = new LinkedHashMap<>();
        runs.values()
                .forEach(stacks -> stacks.forEach(
                        (stack, list) -> executors.put(stack, list.getFirst().executor())));
        executors.forEach((stack, executor) -> lines.add("- " + stack + ": " + executor));
        return String.join("\n", lines) + "\n";
    }

    private static void table(
            String title, Map<String, Map<String, List<Run>>> runs, Predicate<Run> counted, List<String> lines) {
        List<String> rows = new ArrayList<>();
        runs.forEach((workload, stacks) -> {
            Map<String, List<Run>> chosen = new LinkedHashMap<>();
            stacks.forEach((stack, list) ->
                    chosen.put(stack, list.stream().filter(counted).toList()));
            chosen.forEach((stack, list) -> {
                if (!list.isEmpty()) {
                    rows.add(row(workload, stack, list, chosen));
                }
            });
        });
        if (!rows.isEmpty()) {
            lines.add("");
            lines.add("| workload | stack, " + title + " | msg/s, median | min to max | min to median | to netty"
                    + " | to grpc | to kitex, same transport"
                    + " | to itself without telemetry | p50, p99, p99.9 us | CPU us/msg, both"
                    + " | allocated B/msg, client + server | switches/msg, both | noisy runs |");
            lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            lines.addAll(rows);
        }
    }

    private static String row(String workload, String stack, List<Run> list, Map<String, List<Run>> stacks) {
        double median = median(list, Run::messagesPerSecond);
        double min = list.stream().mapToDouble(Run::messagesPerSecond).min().orElseThrow();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,.0f | %,.0f to %,.0f | %.2f | %s | %s | %s | %s | %s | %.2f | %,.0f + %,.0f | %.2f | %d of %d |",
                workload,
                stack,
                median,
                min,
                list.stream().mapToDouble(Run::messagesPerSecond).max().orElseThrow(),
                min / median,
                ratio(median, stacks.get("netty")),
                ratio(median, stacks.get("grpc")),
                ratio(median, stacks.get(stack.contains("grpc") ? "kitex-grpc" : "kitex")),
                stack.endsWith(TELEMETRY)
                        ? ratio(median, stacks.get(stack.substring(0, stack.length() - TELEMETRY.length())))
                        : "-",
                Workload.named(workload).hasLatency()
                        ? String.format(
                                Locale.ROOT,
                                "%,.0f, %,.0f, %,.0f",
                                median(list, Run::p50Micros),
                                median(list, Run::p99Micros),
                                median(list, Run::p999Micros))
                        : "-",
                median(list, Run::cpuMicrosPerMessage),
                median(list, Run::clientBytes),
                median(list, Run::serverBytes),
                median(list, Run::switches),
                list.stream().filter(Run::noisy).count(),
                list.size());
    }

    private static String ratio(double median, @Nullable List<Run> peer) {
        return peer == null || peer.isEmpty()
                ? "-"
                : String.format(Locale.ROOT, "%.2f", median / median(peer, Run::messagesPerSecond));
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
