package io.streamx.benchmarks.sse;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/** A server in a process of its own, and what it says of itself. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;
    private final int port;

    /** Starts one of {@code stack} as {@code command}. */
    ServerProcess(Iterable<String> command, String stack) throws IOException {
        ProcessBuilder builder = new ProcessBuilder().redirectError(ProcessBuilder.Redirect.INHERIT);
        command.forEach(builder.command()::add);
        builder.command().add(Compare.class.getName());
        builder.command().add("server");
        builder.command().add(stack);
        process = builder.start();
        said = process.inputReader();
        port = Integer.parseInt(line());
    }

    int port() {
        return port;
    }

    private String line() throws IOException {
        String line = said.readLine();
        if (line == null) {
            throw new IOException("the server has ended (expected: a line of figures)");
        }
        return line;
    }

    /** Asks the server for its figures; {@code collected} has it collect its garbage before. */
    Figures figures(boolean collected) throws IOException {
        process.outputWriter().append(collected ? "collect\n" : "look\n").flush();
        try (Scanner numbers = new Scanner(line())) {
            return new Figures(numbers.nextLong(), numbers.nextLong(), numbers.nextLong(), numbers.nextLong());
        }
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        process.onExit().join();
        said.close();
    }

    /**
     * What a server process has used.
     *
     * @param cpuNanos CPU time, compilers and collector included
     * @param allocatedBytes what its threads have allocated on the heap
     * @param heapBytes what lies on the heap
     * @param directBytes memory outside of the heap that buffers hold
     */
    record Figures(long cpuNanos, long allocatedBytes, long heapBytes, long directBytes) {}

    /** The side of the process itself: serves until its standard input ends. */
    static void serve(String stack) throws IOException {
        System.out.println(
                switch (stack) {
                    case "streamx" -> StreamxFeed.serve();
                    case "armeria" -> ArmeriaFeed.serve();
                    default -> throw new IllegalArgumentException("stack " + stack + " (expected: streamx or armeria)");
                });
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            if (line.equals("collect")) {
                collect();
            }
            System.out.printf(
                    "%d %d %d %d%n",
                    ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                            .getProcessCpuTime(),
                    ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    directBytes());
        }
    }

    /** Several times, because what a first collection finds may keep other things until the next one. */
    private static void collect() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
    }

    /** Netty counts its own memory, which depending on the JDK is or is not that of the JDK's buffers. */
    private static long directBytes() {
        long ofJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Math.max(ofJdk, PlatformDependent.usedDirectMemory());
    }
}
