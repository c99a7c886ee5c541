package io.streamx.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process of a measurement.
 *
 * <pre>
 * server STACK                                        prints LISTENING PORT, serves until standard input ends
 * client STACK WORKLOAD PORT WARMUP_SECONDS SECONDS   prints one line of JSON
 * </pre>
 *
 * <p>The client says on standard error when the measured window begins and ends.
 */
public final class Bench {
    /** Written to standard error when the window begins. */
    static final String WINDOW_BEGINS = "WINDOW BEGINS";
    /** Written to standard error when the window ends. */
    static final String WINDOW_ENDS = "WINDOW ENDS";

    private static final Duration CONNECTING_AND_ENDING = Duration.ofSeconds(2);
    private static final long END_TIMEOUT_SECONDS = 30;

    private Bench() {}

    /** Runs the process that the arguments describe. */
    public static void main(String[] args) throws Exception {
        int status;
        try {
            status = run(args);
        } catch (Exception e) {
            System.err.println("failed: " + e);
            e.printStackTrace();
            status = 1;
        }
        // The stacks' own threads would keep the process.
        System.exit(status);
    }

    private static int run(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("server")) {
            server(Stack.named(args[1]));
        } else if (args.length == 6 && args[0].equals("client")) {
            client(
                    args[1],
                    Workload.named(args[2]),
                    Integer.parseInt(args[3]),
                    Integer.parseInt(args[4]),
                    Integer.parseInt(args[5]));
        } else {
            System.err.println("usage: server STACK | client STACK WORKLOAD PORT WARMUP_SECONDS SECONDS");
            return 2;
        }
        return 0;
    }

    private static void server(Stack stack) throws Exception {
        int port = stack.serve();
        print("LISTENING " + port);
        awaitEndOfInput();
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // whatever is typed does not matter
        }
    }

    private static void client(String stackName, Workload workload, int port, int warmupSeconds, int seconds)
            throws Exception {
        Stack stack = Stack.named(stackName);
        Meter meter = new Meter(workload.streams());
        try (Stack.Session session = stack.connect(port)) {
            Duration sending = Duration.ofSeconds(warmupSeconds + seconds).plus(CONNECTING_AND_ENDING);
            CompletableFuture<Void> end = workload.start(session, meter, sending);
            keepRunning(end, warmupSeconds);

            System.err.println(WINDOW_BEGINS);
            long startNanos = System.nanoTime();
            long startCpuNanos = cpuNanos();
            long startMessages = meter.total();
            keepRunning(end, seconds);
            long messages = meter.total() - startMessages;
            long cpuNanos = cpuNanos() - startCpuNanos;
            long nanos = System.nanoTime() - startNanos;
            System.err.println(WINDOW_ENDS);

            meter.stop();
            end.get(END_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            print(json(stackName, workload, stack.executor(), messages, nanos, cpuNanos));
        }
    }

    /** Waits, and fails when the workload does not last as long. */
    private static void keepRunning(CompletableFuture<Void> end, int seconds)
            throws InterruptedException, ExecutionException {
        try {
            end.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException stillRunning) {
            return;
        }
        throw new IllegalStateException("the workload ended before the time was up");
    }

    private static String json(
            String stack, Workload workload, String executor, long messages, long nanos, long cpuNanos) {
        return String.format(
                Locale.ROOT,
                "{\"stack\":\"%s\",\"workload\":\"%s\",\"messagesPerSecond\":%.0f,\"messages\":%d,"
                        + "\"seconds\":%.3f,\"cpuSeconds\":%.3f,\"executor\":\"%s\",\"jdk\":\"%s\"}",
                stack,
                workload.name(),
                messages * 1e9 / nanos,
                messages,
                nanos / 1e9,
                cpuNanos / 1e9,
                executor,
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static void print(String line) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(line);
    }
}
