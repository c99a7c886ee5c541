package io.streamx.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process of a measurement. The Go program in {@code kitex/} is another one of the same kind.
 *
 * <pre>
 * server STACK BYTES                                  prints LISTENING PORT, and for each line of standard input
 *                                                     what it has allocated and received; serves until that ends
 * client STACK WORKLOAD PORT WARMUP_SECONDS SECONDS   prints one line of JSON
 * </pre>
 *
 * <p>The client says on standard error when the measured window begins and ends, and then waits for a line of standard
 * input.
 */
public final class Bench {
    /** Written to standard error when the window begins. */
    static final String WINDOW_BEGINS = "WINDOW BEGINS";
    /** Written to standard error when the window ends. */
    static final String WINDOW_ENDS = "WINDOW ENDS";

    private static final Duration CONNECTING_AND_ENDING = Duration.ofSeconds(2);
    private static final long END_TIMEOUT_SECONDS = 60;
    /** The warm-up may take so many times as long while compilers are busy. */
    private static final int MAX_WARMUPS = 2;
    /** Compilers are quiet when they work for less than so many milliseconds of a second. */
    private static final long QUIET_MILLIS = 50;

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
        if (args.length == 3 && args[0].equals("server")) {
            Payload.setLength(Integer.parseInt(args[2]));
            server(Stack.named(args[1]));
        } else if (args.length == 6 && args[0].equals("client")) {
            client(
                    args[1],
                    Workload.named(args[2]),
                    Integer.parseInt(args[3]),
                    Integer.parseInt(args[4]),
                    Integer.parseInt(args[5]));
        } else {
            System.err.println("usage: server STACK BYTES | client STACK WORKLOAD PORT WARMUP_SECONDS SECONDS");
            return 2;
        }
        return 0;
    }

    private static void server(Stack stack) throws Exception {
        Meter received = new Meter(1);
        int port = stack.serve(received);
        print("LISTENING " + port);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            print(String.format(Locale.ROOT, "{\"allocated\":%d,\"received\":%d}", allocatedBytes(), received.total()));
        }
    }

    private static void client(String stackName, Workload workload, int port, int warmupSeconds, int seconds)
            throws Exception {
        Payload.setLength(workload.bytes());
        Stack stack = Stack.named(stackName);
        Meter meter = new Meter(workload.streams());
        try (Stack.Session session = stack.connect(port)) {
            Duration sending = Duration.ofSeconds((long) MAX_WARMUPS * warmupSeconds + seconds)
                    .plus(CONNECTING_AND_ENDING);
            CompletableFuture<Void> end = workload.start(stack, port, session, meter, sending);
            int warmedSeconds = warmUp(end, warmupSeconds);

            System.err.println(WINDOW_BEGINS);
            meter.startTiming();
            long startNanos = System.nanoTime();
            long startCpuNanos = cpuNanos();
            long startBytes = allocatedBytes();
            long startMessages = meter.total();
            keepRunning(end, seconds);
            long messages = meter.total() - startMessages;
            long bytes = allocatedBytes() - startBytes;
            long cpuNanos = cpuNanos() - startCpuNanos;
            long nanos = System.nanoTime() - startNanos;
            meter.stopTiming();
            System.err.println(WINDOW_ENDS);
            awaitLine();

            meter.stop();
            end.get(END_TIMEOUT_SECONDS + sending.toSeconds(), TimeUnit.SECONDS);
            print(json(stack.executor(), warmedSeconds, messages, nanos, cpuNanos, bytes, meter.latencies()));
        }
    }

    /** Whoever measures looks at this process while it is still there, and then says so. */
    private static void awaitLine() throws IOException {
        for (int read = System.in.read(); read >= 0 && read != '\n'; read = System.in.read()) {
            // what is in the line does not matter
        }
    }

    /** Keeps running until the time is up and the compilers are quiet, or twice the time. */
    private static int warmUp(CompletableFuture<Void> end, int seconds)
            throws InterruptedException, ExecutionException {
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        int second = 0;
        long compiled = 0;
        while (second < seconds || (second < MAX_WARMUPS * seconds && compiled > QUIET_MILLIS)) {
            long before = compilation.getTotalCompilationTime();
            keepRunning(end, 1);
            compiled = compilation.getTotalCompilationTime() - before;
            second++;
        }
        return second;
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
            String executor,
            int warmedSeconds,
            long messages,
            long nanos,
            long cpuNanos,
            long bytes,
            Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "{\"messages\":%d,\"seconds\":%.3f,\"cpuSeconds\":%.3f,\"allocated\":%d,\"p50Micros\":%.1f,"
                        + "\"p99Micros\":%.1f,\"p999Micros\":%.1f,\"warmedSeconds\":%d,\"executor\":\"%s\"}",
                messages,
                nanos / 1e9,
                cpuNanos / 1e9,
                bytes,
                latencies.nanosAt(0.5) / 1e3,
                latencies.nanosAt(0.99) / 1e3,
                latencies.nanosAt(0.999) / 1e3,
                warmedSeconds,
                executor);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    /** By all threads; those of virtual threads count for their carriers. */
    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                .getTotalThreadAllocatedBytes();
    }

    private static void print(String line) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(line);
    }
}
