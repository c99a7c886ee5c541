package io.streamx.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Compares stacks: for each round and workload, a fresh client and server process of each stack in turn, so that what
 * disturbs the machine meets all of them; then medians and ratios. Linux only: CPU time is read from {@code /proc}.
 */
public final class Runner {
    /** Built by {@code kitex/build.sh}. */
    private static final Path KITEX = Path.of("kitex", "bin", "bench");

    private static final String LOOP_OPTION = "--add-opens=java.base/java.lang=ALL-UNNAMED";
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
        List<String> heading = List.of(
                Instant.now().truncatedTo(ChronoUnit.MINUTES) + ", " + Machine.description(),
                "JVM " + System.getProperty("java.vm.name") + " " + Runtime.version() + ", options "
                        + String.join(" ", options.jvm()) + " (" + LOOP_OPTION
                        + " for streamx-loop and streamx-grpc-loop)",
                options.pairs() + " pairs, warm-up " + options.warmupSeconds()
                        + " s and longer while compilers are busy, " + options.seconds() + " s measured");
        heading.forEach(System.out::println);
        Map<String, Map<String, List<Run>>> runs = new LinkedHashMap<>();
        keepProcessorsAwake();
        try {
            for (int round = 0; round < options.pairs(); round++) {
                for (String workload : options.workloads()) {
                    List<String> stacks = new ArrayList<>(options.stacks());
                    Collections.rotate(stacks, -round);
                    for (String stack : stacks) {
                        addRun(round + 1, stack, workload, runs);
                    }
                }
                // What is there so far is not lost when a long run is ended early.
                LoadReport.write(Path.of(options.out()), heading, runs);
            }
        } finally {
            busy.forEach(Process::destroy);
        }
        System.out.println();
        System.out.println(LoadReport.markdown(heading, runs));
    }

    private void addRun(int round, String stack, String workload, Map<String, Map<String, List<Run>>> runs)
            throws InterruptedException {
        try {
            Run run = quietRun(round, stack, Workload.named(workload));
            runs.computeIfAbsent(workload, name -> new LinkedHashMap<>())
                    .computeIfAbsent(stack, name -> new ArrayList<>())
                    .add(run);
        } catch (IOException | IllegalArgumentException e) {
            // The others are worth having all the same; the table has a run less.
            System.out.println("round " + round + "  " + workload + " " + stack + " failed: " + e.getMessage());
        }
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
    private Run quietRun(int round, String stack, Workload workload) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            double before = Crossing.measure();
            Run run = pair(stack, workload).between(before, Crossing.measure(), options.noise());
            System.out.println(String.format(
                    Locale.ROOT,
                    "round %d  %-14s %-17s %,12.0f msg/s  p99 %,8.0f us  %,8.0f + %,8.0f B  %5.2f switches"
                            + "  client %4.2f server %4.2f others %4.2f steal %4.2f cores  round trip %3.0f, %3.0f ns%s",
                    round,
                    workload.name(),
                    stack,
                    run.messagesPerSecond(),
                    run.p99Micros(),
                    run.clientBytes(),
                    run.serverBytes(),
                    run.switches(),
                    run.clientCores(),
                    run.serverCores(),
                    run.othersCores(),
                    run.stolenCores(),
                    run.nanosBefore(),
                    run.nanosAfter(),
                    run.noisy() ? "  noisy" : ""));
            if (!run.noisy() || attempt >= options.retries()) {
                return run;
            }
        }
    }

    private Run pair(String stack, Workload workload) throws IOException, InterruptedException {
        Process server = bench(stack, "server", stack, Integer.toString(workload.bytes()))
                .redirectError(Redirect.DISCARD)
                .start();
        try (BufferedReader serverOutput = server.inputReader();
                BufferedWriter serverInput = server.outputWriter()) {
            String listening = serverOutput.readLine();
            if (listening == null || !listening.startsWith("LISTENING ")) {
                throw new IOException("server of " + stack + " says: " + listening + " (expected: LISTENING PORT)");
            }
            Process client = bench(
                            stack,
                            "client",
                            stack,
                            workload.name(),
                            listening.substring("LISTENING ".length()),
                            Integer.toString(options.warmupSeconds()),
                            Integer.toString(options.seconds()))
                    .start();
            try {
                return measure(workload, client, () -> see(server, client, serverInput, serverOutput));
            } finally {
                client.destroyForcibly();
            }
        } finally {
            server.destroyForcibly();
        }
    }

    /** Looks at both processes and the machine. */
    private interface Look {
        Run.Seen now() throws IOException;
    }

    private Run.Seen see(Process server, Process client, BufferedWriter input, BufferedReader output)
            throws IOException {
        input.newLine();
        input.flush();
        String said = output.readLine();
        if (said == null) {
            throw new IOException("the server has ended");
        }
        return new Run.Seen(
                System.nanoTime(),
                Machine.cpu(server.pid(), busy),
                Machine.switches(server.pid()) + Machine.switches(client.pid()),
                said);
    }

    private static Run measure(Workload workload, Process client, Look look) throws IOException, InterruptedException {
        Run.Seen begin = null;
        Run.Seen end = null;
        StringBuilder other = new StringBuilder();
        try (BufferedReader errors = client.errorReader();
                BufferedReader output = client.inputReader()) {
            for (String line = errors.readLine(); line != null; line = errors.readLine()) {
                if (line.equals(Bench.WINDOW_BEGINS)) {
                    begin = look.now();
                } else if (line.equals(Bench.WINDOW_ENDS)) {
                    end = look.now();
                    client.getOutputStream().write('\n');
                    client.getOutputStream().flush();
                } else {
                    other.append(line).append('\n');
                }
            }
            String json = output.readLine();
            if (!client.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    || client.exitValue() != 0
                    || json == null
                    || begin == null
                    || end == null) {
                throw new IOException("the client failed: " + other);
            }
            return Run.of(workload, json, begin, end);
        }
    }

    private ProcessBuilder bench(String stack, String... args) {
        List<String> command = new ArrayList<>();
        if (stack.startsWith("kitex")) {
            command.add(KITEX.toString());
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options.jvm());
            if (stack.endsWith("-loop")) {
                command.add(LOOP_OPTION);
            }
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(Bench.class.getName());
        }
        command.addAll(List.of(args));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put(Telemetry.GRPC_TRACING, Boolean.toString(stack.equals("grpc-otel")));
        return process;
    }
}
