package io.streamx.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What to run.
 *
 * @param pairs process pairs of each stack and workload
 * @param noise cores that others may use in a window before it counts as noisy
 * @param retries how often a noisy run is repeated
 * @param jvm options of the Java processes
 * @param out the folder that gets the table, the chart and a line of each run
 */
record Options(
        List<String> stacks,
        List<String> workloads,
        int pairs,
        int warmupSeconds,
        int seconds,
        double noise,
        int retries,
        List<String> jvm,
        String out) {
    private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

    static {
        DEFAULTS.put(
                "--stacks",
                "netty,grpc,grpc-default,grpc-blocking,kitex,kitex-grpc,"
                        + "streamx,streamx-grpc,streamx-loop,streamx-grpc-loop");
        DEFAULTS.put(
                "--workloads",
                "bidi-1,bidi-100,bidi-100@1024,unary-100,down-1,down-1@1024,up-1,up-1@1024,pipe-1,pipe-1@65536,"
                        + "bidi-1000,bidi-10000,connect-1");
        DEFAULTS.put("--pairs", "5");
        DEFAULTS.put("--warmup", "20");
        DEFAULTS.put("--seconds", "10");
        DEFAULTS.put("--noise", "0.1");
        DEFAULTS.put("--retries", "2");
        DEFAULTS.put("--jvm", "-Xms1g,-Xmx1g");
        DEFAULTS.put("--out", "target/results");
    }

    /** What {@code --quick WORKLOAD} stands for: two minutes on a machine that has nothing else to do. */
    private static final List<String> QUICK = List.of(
            "--stacks",
            "grpc,streamx,streamx-grpc",
            "--pairs",
            "2",
            "--warmup",
            "10",
            "--seconds",
            "5",
            "--retries",
            "0");

    static Options parse(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        int quick = all.indexOf("--quick");
        if (quick >= 0 && quick + 1 < all.size()) {
            all.set(quick, "--workloads");
            all.addAll(0, QUICK);
        }
        Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
        for (int i = 0; i < all.size(); i += 2) {
            if (i + 1 == all.size() || values.replace(all.get(i), all.get(i + 1)) == null) {
                throw new IllegalArgumentException(all.get(i) + "; options, with their defaults: "
                        + String.join(
                                " ",
                                DEFAULTS.entrySet().stream()
                                        .map(option -> option.getKey() + " " + option.getValue())
                                        .toList())
                        + "; or --quick WORKLOAD for " + String.join(" ", QUICK));
            }
        }
        Options options = new Options(
                list(values, "--stacks"),
                list(values, "--workloads"),
                Integer.parseInt(value(values, "--pairs")),
                Integer.parseInt(value(values, "--warmup")),
                Integer.parseInt(value(values, "--seconds")),
                Double.parseDouble(value(values, "--noise")),
                Integer.parseInt(value(values, "--retries")),
                list(values, "--jvm"),
                value(values, "--out"));
        options.workloads.forEach(Workload::named);
        return options;
    }

    private static List<String> list(Map<String, String> values, String name) {
        return Pattern.compile(",").splitAsStream(value(values, name)).toList();
    }

    private static String value(Map<String, String> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
