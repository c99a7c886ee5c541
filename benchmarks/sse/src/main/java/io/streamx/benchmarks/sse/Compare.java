package io.streamx.benchmarks.sse;

import io.streamx.benchmarks.sse.ServerProcess.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Compares server-sent events of StreamX' gateway with Armeria's, on the same work: in each round and for each workload a fresh
 * server process of each in turn, whose readers are in this process. Prints every run, and medians. Linux only.
 *
 * <pre>
 * [ROUNDS WARMUP_SECONDS SECONDS [JVM_OPTION...]]
 * server STACK
 * </pre>
 */
public final class Compare {
    /** What each event has beside its number: as long as a line of a log, and longer than a token. */
    static final String TEXT = "the quick brown fox jumps over the lazy dog and goes on";

    /** How often the source that has a pace makes an event. */
    static final Duration PACE = Duration.ofMillis(50);

    private static final List<String> STACKS = List.of("streamx", "armeria");
    private static final int READERS = 1000;
    /** What a stack keeps for a reader's next event is let go meanwhile, if ever. */
    private static final int QUIET_SECONDS = 5;
    /** How many readers come and go before memory is looked at, so that the code that serves them has been compiled. */
    private static final int EARLIER_READERS = 10_000;

    private Compare() {}

    private enum Workload {
        /** One reader, whose events are made for it alone. */
        ONE("/Feed/One", 1),
        /** All readers have the same events. */
        ALL("/Feed/All", READERS),
        /** All readers have the same events, which come slowly enough that none waits for another one. */
        PACED("/Feed/Paced", READERS),
        /** Readers that have had an event and wait for another. */
        IDLE("/Feed/Idle", READERS);

        private final String path;
        private final int readers;

        Workload(String path, int readers) {
            this.path = path;
            this.readers = readers;
        }

        List<String> columns() {
            return this == IDLE
                    ? List.of("heap B/reader", "direct B/reader", "heap + direct B/reader")
                    : List.of("events/s", "CPU ns/event", "allocated B/event");
        }
    }

    /** Runs what the arguments say. */
    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("server")) {
            ServerProcess.serve(args[1]);
            // Threads of the servers would keep the process.
            System.exit(0);
        }
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int warmUp = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(Arrays.asList(args).subList(Math.min(3, args.length), args.length));
        for (Workload workload : Workload.values()) {
            Map<String, List<double[]>> runs = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (String stack : STACKS) {
                    double[] run = run(command, stack, workload, warmUp, seconds);
                    System.out.printf(Locale.ROOT, "%-5s %-8s %s%n", workload, stack, Arrays.toString(run));
                    runs.computeIfAbsent(stack, unused -> new ArrayList<>()).add(run);
                }
            }
            table(workload, runs);
        }
    }

    private static double[] run(List<String> command, String stack, Workload workload, int warmUp, int seconds)
            throws IOException, InterruptedException {
        try (ServerProcess server = new ServerProcess(command, stack)) {
            return workload == Workload.IDLE ? idle(server, workload) : busy(server, workload, warmUp, seconds);
        }
    }

    private static double[] busy(ServerProcess server, Workload workload, int warmUp, int seconds)
            throws IOException, InterruptedException {
        try (Readers readers = new Readers(server.port(), workload.path, workload.readers)) {
            Thread.sleep(1000L * warmUp);
            Figures before = server.figures(false);
            long eventsBefore = readers.events();
            long began = System.nanoTime();
            Thread.sleep(1000L * seconds);
            double events = readers.events() - eventsBefore;
            double elapsed = (System.nanoTime() - began) / 1e9;
            Figures after = server.figures(false);
            return new double[] {
                events / elapsed,
                (after.cpuNanos() - before.cpuNanos()) / events,
                (after.allocatedBytes() - before.allocatedBytes()) / events
            };
        }
    }

    /** Readers that have come and gone before make that what a server has once for all of them counts for none. */
    private static double[] idle(ServerProcess server, Workload workload) throws IOException, InterruptedException {
        for (int i = 0; i < EARLIER_READERS; i += workload.readers) {
            new Readers(server.port(), workload.path, workload.readers).close();
        }
        Thread.sleep(1000L * QUIET_SECONDS);
        Figures before = server.figures(true);
        try (Readers readers = new Readers(server.port(), workload.path, workload.readers)) {
            Thread.sleep(1000L * QUIET_SECONDS);
            Figures after = server.figures(true);
            if (readers.events() < workload.readers) {
                throw new IllegalStateException(readers.events() + " events (expected: one for each reader)");
            }
            double heap = (after.heapBytes() - before.heapBytes()) / (double) workload.readers;
            double direct = (after.directBytes() - before.directBytes()) / (double) workload.readers;
            return new double[] {heap, direct, heap + direct};
        }
    }

    private static void table(Workload workload, Map<String, List<double[]>> runs) {
        List<String> columns = workload.columns();
        System.out.printf(Locale.ROOT, "%n| %s | %s | streamx to armeria |%n", workload, String.join(" | ", STACKS));
        System.out.println("|---|" + "---|".repeat(STACKS.size() + 1));
        for (int column = 0; column < columns.size(); column++) {
            StringBuilder row = new StringBuilder("| " + columns.get(column) + " |");
            double[] medians = new double[STACKS.size()];
            for (int stack = 0; stack < medians.length; stack++) {
                double[] values = values(runs.getOrDefault(STACKS.get(stack), List.of()), column);
                medians[stack] = values[values.length / 2];
                row.append(String.format(
                        Locale.ROOT,
                        " %,.0f (%,.0f to %,.0f) |",
                        medians[stack],
                        values[0],
                        values[values.length - 1]));
            }
            System.out.printf(Locale.ROOT, "%s %.2f |%n", row, medians[0] / medians[1]);
        }
        System.out.println();
    }

    private static double[] values(List<double[]> runs, int column) {
        return runs.stream()
                .flatMapToDouble(run -> DoubleStream.of(run[column]))
                .sorted()
                .toArray();
    }
}
