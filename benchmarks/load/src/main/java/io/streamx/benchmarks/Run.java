package io.streamx.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one pair of processes did in its window.
 *
 * @param clientCores cores the client kept busy; likewise the others
 * @param othersCores all that neither the pair nor the threads that keep processors awake used
 * @param stolenCores what the host did not give
 * @param nanosBefore a round trip between processors before the pair began, and after it
 * @param noisy whether others used too much
 */
record Run(
        double messagesPerSecond,
        double clientCores,
        double serverCores,
        double othersCores,
        double stolenCores,
        String executor,
        double nanosBefore,
        double nanosAfter,
        boolean noisy) {
    /** Read from the client's line and the kernel's counters. */
    static Run of(String json, Machine.Cpu window) {
        double clientSeconds = number(json, "cpuSeconds");
        double wall = number(json, "seconds");
        double others = window.machineSeconds() - window.pairlessSeconds() - window.serverSeconds() - clientSeconds;
        return new Run(
                number(json, "messagesPerSecond"),
                clientSeconds / wall,
                window.serverSeconds() / wall,
                Math.max(0, others) / wall,
                window.stolenSeconds() / wall,
                text(json, "executor"),
                0,
                0,
                false);
    }

    Run between(double before, double after) {
        return new Run(
                messagesPerSecond, clientCores, serverCores, othersCores, stolenCores, executor, before, after, noisy);
    }

    Run markedNoisy() {
        return new Run(
                messagesPerSecond,
                clientCores,
                serverCores,
                othersCores,
                stolenCores,
                executor,
                nanosBefore,
                nanosAfter,
                true);
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
            throw new IllegalArgumentException("client's line: " + json + " (expected: " + pattern + ")");
        }
        return matcher.group(1);
    }
}
