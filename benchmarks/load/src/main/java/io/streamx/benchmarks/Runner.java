package io.streamx.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Compares stacks: for each round and workload, a fresh client and server process of each stack in turn, so that what
 * disturbs the machine meets all of them; then medians and ratios. Linux only: CPU time is read from {@code /proc}.
 */
public final class Runner {
    private static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseG1GC",
            "-Xms1g",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    private static final long EXIT_TIMEOUT_SECONDS = 60;

    private final Options options;
    private final List<Process> busy = new ArrayList<>();

    private Runner(Options options) {
        this.options = options;
    }

    /** Runs what the options ask for and prints each run and a table. */
    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        new Runner(options).run();
    }

    private void run() throws IOException, InterruptedException {
        System.out.println(Machine.description());
        System.out.println("JVM " + System.getProperty("java.vm.name") + " " + Runtime.version() + " "
                + String.join(" ", JVM_FLAGS));
        System.out.println(options);
        Map<String, Map<String, List<Run>>> runs = new LinkedHashMap<>();
        keepProcessorsAwake();
        try {
            for (int round = 0; round < options.pairs(); round++) {
                for (String workload : options.workloads()) {
                    List<String> stacks = new ArrayList<>(options.stacks());
                    Collections.rotate(stacks, -round);
                    for (String stack : stacks) {
                        runs.computeIfAbsent(workload, name -> new LinkedHashMap<>())
                                .computeIfAbsent(stack, name -> new ArrayList<>())
                                .add(quietRun(round + 1, stack, workload));
                    }
                }
            }
        } finally {
            busy.forEach(Process::destroy);
        }
        Report.print(runs);
    }

    /**
     * Virtual processors that halt cost more to wake than most messages do. These threads run only when nothing else
     * wants to, and end with this process whatever ends it. They must be of the same session as the load.
     */
    private void keepProcessorsAwake() throws IOException {
        String loop = "while kill -0 $0 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(new ProcessBuilder(
                            "chrt",
                            "--idle",
                            "0",
                            "sh",
                            "-c",
                            loop,
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.INHERIT)
                    .start());
        }
    }

    /** Repeats a noisy run. The last one stands, marked if it was noisy too. */
    private Run quietRun(int round, String stack, String workload) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            double before = Crossing.measure();
            Run run = pair(stack, workload).between(before, Crossing.measure());
            boolean noisy = run.othersCores() > options.noise();
            System.out.println(String.format(
                    Locale.ROOT,
                    "round %d  %-9s %-14s %,12.0f msg/s  client %4.2f server %4.2f others %4.2f steal %4.2f cores"
                            + "  round trip %3.0f, %3.0f ns%s",
                    round,
                    workload,
                    stack,
                    run.messagesPerSecond(),
                    run.clientCores(),
                    run.serverCores(),
                    run.othersCores(),
                    run.stolenCores(),
                    run.nanosBefore(),
                    run.nanosAfter(),
                    noisy ? "  noisy" : ""));
            if (!noisy || attempt == options.retries()) {
                return noisy ? run.markedNoisy() : run;
            }
        }
    }

    private Run pair(String stack, String workload) throws IOException, InterruptedException {
        Process server = bench("server", stack).redirectError(Redirect.INHERIT).start();
        try (BufferedReader serverOutput = server.inputReader()) {
            String listening = serverOutput.readLine();
            if (listening == null || !listening.startsWith("LISTENING ")) {
                throw new IOException("server of " + stack + " says: " + listening + " (expected: LISTENING PORT)");
            }
            Process client = bench(
                            "client",
                            stack,
                            workload,
                            listening.substring("LISTENING ".length()),
                            Integer.toString(options.warmupSeconds()),
                            Integer.toString(options.seconds()))
                    .start();
            try {
                return measure(stack, workload, client, server);
            } finally {
                client.destroyForcibly();
            }
        } finally {
            server.destroyForcibly();
        }
    }

    private Run measure(String stack, String workload, Process client, Process server)
            throws IOException, InterruptedException {
        Machine.Cpu begin = null;
        Machine.Cpu end = null;
        try (BufferedReader errors = client.errorReader();
                BufferedReader output = client.inputReader()) {
            for (String line = errors.readLine(); line != null; line = errors.readLine()) {
                if (line.equals(Bench.WINDOW_BEGINS)) {
                    begin = Machine.cpu(server.pid(), busy);
                } else if (line.equals(Bench.WINDOW_ENDS)) {
                    end = Machine.cpu(server.pid(), busy);
                } else {
                    System.err.println(stack + " " + workload + ": " + line);
                }
            }
            String json = output.readLine();
            if (!client.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    || client.exitValue() != 0
                    || json == null
                    || begin == null
                    || end == null) {
                throw new IOException(stack + " " + workload + ": the client failed");
            }
            return Run.of(json, end.minus(begin));
        }
    }

    private static ProcessBuilder bench(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Bench.class.getName());
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    /**
     * What to run.
     *
     * @param pairs process pairs of each stack and workload
     * @param noise cores that others may use in a window before it counts as noisy
     * @param retries how often a noisy run is repeated
     */
    private record Options(
            List<String> stacks,
            List<String> workloads,
            int pairs,
            int warmupSeconds,
            int seconds,
            double noise,
            int retries) {
        private static final String USAGE = "options, with their defaults: --stacks netty,grpc,streamx"
                + " --workloads bidi-1,bidi-100,down-1,unary-100 --pairs 5 --warmup 20 --seconds 10 --noise 0.1 --retries 2";

        static Options parse(String... args) {
            Map<String, String> values = new LinkedHashMap<>(Map.of(
                    "--stacks", "netty,grpc,streamx",
                    "--workloads", "bidi-1,bidi-100,down-1,unary-100",
                    "--pairs", "5",
                    "--warmup", "20",
                    "--seconds", "10",
                    "--noise", "0.1",
                    "--retries", "2"));
            for (int i = 0; i < args.length; i += 2) {
                if (i + 1 == args.length || values.replace(args[i], args[i + 1]) == null) {
                    throw new IllegalArgumentException(args[i] + "; " + USAGE);
                }
            }
            return new Options(
                    list(values, "--stacks"),
                    list(values, "--workloads"),
                    Integer.parseInt(value(values, "--pairs")),
                    Integer.parseInt(value(values, "--warmup")),
                    Integer.parseInt(value(values, "--seconds")),
                    Double.parseDouble(value(values, "--noise")),
                    Integer.parseInt(value(values, "--retries")));
        }

        private static List<String> list(Map<String, String> values, String name) {
            return Pattern.compile(",").splitAsStream(value(values, name)).toList();
        }

        private static String value(Map<String, String> values, String name) {
            return Objects.requireNonNull(values.get(name), name);
        }
    }
}
