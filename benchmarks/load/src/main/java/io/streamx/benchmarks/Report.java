package io.streamx.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Medians and ratios of many runs: of all, and of those in which the processors were equally far from each other. */
final class Report {
    private Report() {}

    /** Prints runs by workload and stack. */
    static void print(Map<String, Map<String, List<Run>>> runs) {
        table("all runs", runs, run -> true);
        for (Crossing crossing : Crossing.values()) {
            table("processors " + crossing.name().toLowerCase(Locale.ROOT), runs, run -> run.crossing() == crossing);
        }
        System.out.println();
        Map<String, String> executors = new LinkedHashMap<>();
        runs.values()
                .forEach(stacks -> stacks.forEach(
                        (stack, list) -> executors.put(stack, list.getFirst().executor())));
        executors.forEach((stack, executor) -> System.out.println(stack + ": " + executor));
    }

    private static void table(String title, Map<String, Map<String, List<Run>>> runs, Predicate<Run> counted) {
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
            System.out.println();
            System.out.println("| workload | stack, " + title + " | msg/s, median | min to max | to netty | to grpc"
                    + " | CPU us/msg, client + server | noisy runs |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            rows.forEach(System.out::println);
        }
    }

    private static String row(String workload, String stack, List<Run> list, Map<String, List<Run>> stacks) {
        double median = medianRate(list);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,.0f | %,.0f to %,.0f | %s | %s | %.2f | %d of %d |",
                workload,
                stack,
                median,
                list.stream().mapToDouble(Run::messagesPerSecond).min().orElseThrow(),
                list.stream().mapToDouble(Run::messagesPerSecond).max().orElseThrow(),
                ratio(median, stacks.get("netty")),
                ratio(median, stacks.get("grpc")),
                median(list.stream().map(Run::cpuMicrosPerMessage).toList()),
                list.stream().filter(Run::noisy).count(),
                list.size());
    }

    private static String ratio(double median, @Nullable List<Run> peer) {
        return peer == null || peer.isEmpty() ? "-" : String.format(Locale.ROOT, "%.3f", median / medianRate(peer));
    }

    private static double medianRate(List<Run> runs) {
        return median(runs.stream().map(Run::messagesPerSecond).toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
