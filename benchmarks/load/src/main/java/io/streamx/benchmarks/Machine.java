package io.streamx.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Reads what the kernel says of the machine and of processes. Source: proc(5). */
final class Machine {
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Path PROC = Path.of("/proc");

    private Machine() {}

    static String description() throws IOException {
        String model = Files.readAllLines(PROC.resolve("cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
        return Runtime.getRuntime().availableProcessors() + " x " + model + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version");
    }

    /** CPU time used until now. */
    static Cpu cpu(long server, List<Process> busy) throws IOException {
        List<String> machine = fields(Files.readAllLines(PROC.resolve("stat")).getFirst());
        double user = ticks(machine, 1);
        double nice = ticks(machine, 2);
        double system = ticks(machine, 3);
        double irq = ticks(machine, 6);
        double softirq = ticks(machine, 7);
        double stolen = ticks(machine, 8);
        double pairless = processSeconds(ProcessHandle.current().pid());
        for (Process process : busy) {
            if (!process.isAlive()) {
                throw new IOException("a thread that keeps processors awake has ended");
            }
            pairless += processSeconds(process.pid());
        }
        return new Cpu(user + nice + system + irq + softirq, stolen, processSeconds(server), pairless);
    }

    /** How often the kernel has taken the threads of a process off a processor; of threads that have ended, nothing. */
    static long switches(long pid) throws IOException {
        long switches = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
            for (Path thread : threads) {
                try {
                    for (String line : Files.readAllLines(thread.resolve("status"))) {
                        if (line.contains("ctxt_switches")) {
                            switches += Long.parseLong(
                                    line.substring(line.indexOf(':') + 1).trim());
                        }
                    }
                } catch (IOException ended) {
                    // A thread that has ended, which the kernel says in several ways.
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException("process " + pid + " has ended", e);
        }
        return switches;
    }

    private static double processSeconds(long pid) throws IOException {
        String stat;
        try {
            stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
        } catch (NoSuchFileException e) {
            throw new IOException("process " + pid + " has ended", e);
        }
        // The name may hold anything; what follows it begins with field 3.
        List<String> fields = fields(stat.substring(stat.lastIndexOf(')') + 2));
        return ticks(fields, 14 - 3) + ticks(fields, 15 - 3);
    }

    private static List<String> fields(String line) {
        return SPACES.splitAsStream(line).toList();
    }

    private static double ticks(List<String> fields, int index) {
        return Long.parseLong(fields.get(index)) / TICKS_PER_SECOND;
    }

    /**
     * Seconds of CPU time.
     *
     * @param machineSeconds all that ran
     * @param stolenSeconds what the host gave to others
     * @param serverSeconds the server's
     * @param pairlessSeconds the runner's and that of the threads that keep processors awake
     */
    record Cpu(double machineSeconds, double stolenSeconds, double serverSeconds, double pairlessSeconds) {
        Cpu minus(Cpu earlier) {
            return new Cpu(
                    machineSeconds - earlier.machineSeconds,
                    stolenSeconds - earlier.stolenSeconds,
                    serverSeconds - earlier.serverSeconds,
                    pairlessSeconds - earlier.pairlessSeconds);
        }
    }
}
