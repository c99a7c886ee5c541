package io.streamx.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one pair of processes did in its window.
 *
 * @param clientCores cores the client kept busy; likewise the others
 * @param othersCores all that neither the pair nor the threads that keep processors awake used
 * @param stolenCores what the host did not give
 * @param switches of threads by the kernel, both processes, to a message
 * @param clientBytes allocated to a message; likewise the server's
 * @param p50Micros half of the messages came back within that; 0 where nobody waited; likewise the others
 * @param executor what ran the user's code
 * @param nanosBefore a round trip between processors before the pair began, and after it
 * @param noisy whether others used too much
 */
record Run(
        double messagesPerSecond,
        double clientCores,
        double serverCores,
        double othersCores,
        double stolenCores,
        double switches,
        double clientBytes,
        double serverBytes,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        String executor,
        double nanosBefore,
        double nanosAfter,
        boolean noisy) {
    /**
     * What was seen of a window from outside.
     *
     * @param cpu of the machine and the server
     * @param switches of both processes
     * @param server what the server said
     */
    record Seen(long nanos, Machine.Cpu cpu, long switches, String server) {}

    /** Read from the client's line, the server's and the kernel's counters. */
    static Run of(Workload workload, String json, Seen begin, Seen end) {
        Machine.Cpu window = end.cpu.minus(begin.cpu);
        double clientSeconds = number(json, "cpuSeconds");
        double wall = number(json, "seconds");
        double seen = (end.nanos - begin.nanos) / 1e9;
        double messages = number(json, "messages");
        double rate = messages / wall;
        if (workload.isCountedByServer()) {
            messages = number(end.server, "received") - number(begin.server, "received");
            rate = messages / seen;
        }
        double others = window.machineSeconds() - window.pairlessSeconds() - window.serverSeconds() - clientSeconds;
        return new Run(
                rate,
                clientSeconds / wall,
                window.serverSeconds() / seen,
                Math.max(0, others) / seen,
                window.stolenSeconds() / seen,
                (end.switches - begin.switches) / messages,
                number(json, "allocated") / messages,
                (number(end.server, "allocated") - number(begin.server, "allocated")) / messages,
                number(json, "p50Micros"),
                number(json, "p99Micros"),
                number(json, "p999Micros"),
                text(json, "executor"),
                0,
                0,
                false);
    }

    Run between(double before, double after, double noise) {
        return new Run(
                messagesPerSecond,
                clientCores,
                serverCores,
                othersCores,
                stolenCores,
                switches,
                clientBytes,
                serverBytes,
                p50Micros,
                p99Micros,
                p999Micros,
                executor,
                before,
                after,
                othersCores > noise);
    }

    Crossing crossing() {
        return Crossing.of(nanosBefore, nanosAfter);
    }

    double cpuMicrosPerMessage() {
        return (clientCores + serverCores) * 1e6 / messagesPerSecond;
    }

    private static double number(String json, String key) {
        return Double.parseDouble(match(json, "\"" + key + "\":([0-9.]+)"));
    }

    private static String text(String json, String key) {
        return match(json, "\"" + key + "\":\"([^\"]*)\"");
    }

    private static String match(String json, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(json);
        if (!matcher.find()) {
            throw new IllegalArgumentException("line of a process: " + json + " (expected: " + pattern + ")");
        }
        return matcher.group(1);
    }
}
