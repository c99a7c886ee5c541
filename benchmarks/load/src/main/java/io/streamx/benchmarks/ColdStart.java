package io.streamx.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a server process takes from its start to its first reply, and what that costs.
 *
 * <p>{@code server STACK} is the process that is measured. {@code probe STACK RUNS COMMAND...} starts it that many times, as
 * {@code COMMAND... io.streamx.benchmarks.ColdStart server STACK}, calls it once with a client that is warm already, and
 * prints the medians: milliseconds from the start of the process to the reply, milliseconds of CPU that the process had used
 * when it began to listen, and milliseconds of CPU that the first call cost beyond that.
 */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "server" -> serve(Stack.named(arguments[1]));
            case "probe" ->
                probe(
                        arguments[1],
                        Integer.parseInt(arguments[2]),
                        Arrays.asList(arguments).subList(3, arguments.length));
            default -> throw new IllegalArgumentException(arguments[0] + " (expected: server or probe)");
        }
        // Clients and servers may have threads that keep the process.
        System.exit(0);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void serve(Stack stack) throws Exception {
        // Looking at the clock costs some CPU the first time, which is to count for no call.
        long unused = cpuNanos();
        int port = stack.serve(new Meter(1));
        System.out.println(port + " " + cpuNanos());
        // The probe writes a line when it has its reply.
        int asked = System.in.read();
        System.out.println(cpuNanos());
        if (asked >= 0) {
            // Until the probe has read that and closes.
            int unusedEnd = System.in.read();
        }
    }

    private record Start(double replyMillis, double cpuMillisAtStart, double cpuMillisOfCall) {}

    private static void probe(String name, int runs, List<String> command) throws Exception {
        Stack stack = Stack.named(name);
        warm(stack);
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            starts.add(start(stack, name, command));
        }
        System.out.printf(
                Locale.ROOT,
                "%-14s process start to first reply %6.0f ms, CPU when it listened %6.0f ms, CPU of the first call %6.0f ms%n",
                name,
                median(starts.stream().mapToDouble(Start::replyMillis).toArray()),
                median(starts.stream().mapToDouble(Start::cpuMillisAtStart).toArray()),
                median(starts.stream().mapToDouble(Start::cpuMillisOfCall).toArray()));
    }

    /** The probe's own code must be no part of what is measured. */
    private static void warm(Stack stack) throws Exception {
        int port = stack.serve(new Meter(1));
        for (int i = 0; i < 20; i++) {
            try (Stack.Session session = stack.connect(port)) {
                for (int call = 0; call < 100; call++) {
                    session.callOnce();
                }
            }
        }
    }

    private static Start start(Stack stack, String name, List<String> command) throws Exception {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(ColdStart.class.getName(), "server", name));
        long began = System.nanoTime();
        Process server = new ProcessBuilder(whole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = server.inputReader()) {
            String[] listening = line(said).split(" ", -1);
            long replied;
            try (Stack.Session session = stack.connect(Integer.parseInt(listening[0]))) {
                session.callOnce();
                replied = System.nanoTime();
                server.outputWriter().append('\n').flush();
                long cpuAtStart = Long.parseLong(listening[1]);
                long cpu = Long.parseLong(line(said));
                return new Start((replied - began) / 1e6, cpuAtStart / 1e6, (cpu - cpuAtStart) / 1e6);
            }
        } finally {
            server.outputWriter().close();
            server.waitFor();
        }
    }

    private static String line(BufferedReader said) throws IOException {
        String line;
        do {
            line = said.readLine();
            if (line == null) {
                throw new IOException("the server has ended (expected: its port)");
            }
            // A JVM that uses or makes an archive of classes may have its own to say.
        } while (line.isEmpty() || !Character.isDigit(line.charAt(0)));
        return line;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
