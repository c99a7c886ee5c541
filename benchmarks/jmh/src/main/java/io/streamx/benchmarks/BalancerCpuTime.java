package io.streamx.benchmarks;

import io.streamx.balancer.Candidate;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The choices of {@link BalancerBenchmark} by the CPU time of their thread, in rounds that take turns. */
public final class BalancerCpuTime {
    private static final int ROUNDS = 40;
    private static final int PICKS = 20_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private BalancerCpuTime() {}

    /** Prints a line for each balancer and number of instances. */
    public static void main(String[] arguments) {
        Map<String, BalancerBenchmark> cells = new LinkedHashMap<>();
        for (String balancer : List.of(
                "roundRobin", "weightedRoundRobin", "weightedRandom", "leastActive", "leastActiveOfBusy",
                "peakEwma", "consistentHash")) {
            for (int instances : new int[] {3, 100, 1000}) {
                BalancerBenchmark cell = new BalancerBenchmark();
                cell.balancer = balancer;
                cell.instances = instances;
                cell.prepare();
                cells.put(String.format("%-20s %5d", balancer, instances), cell);
            }
        }
        Map<String, double[]> nanos = new LinkedHashMap<>();
        cells.keySet().forEach(name -> nanos.put(name, new double[ROUNDS]));
        Candidate last = null;
        for (int round = -ROUNDS / 4; round < ROUNDS; round++) {
            for (Map.Entry<String, BalancerBenchmark> cell : cells.entrySet()) {
                long began = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < PICKS; i++) {
                    last = cell.getValue().pick();
                }
                if (round >= 0) {
                    nanos.get(cell.getKey())[round] = (double) (THREADS.getCurrentThreadCpuTime() - began) / PICKS;
                }
            }
        }
        nanos.forEach((name, all) -> {
            Arrays.sort(all);
            System.out.printf("%s %8.0f %8.0f%n", name, all[0], all[ROUNDS / 2]);
        });
        System.out.println("balancer, instances, CPU ns of a pick: fastest and median round; the last was " + last);
    }
}
