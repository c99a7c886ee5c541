package io.streamx.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The calls of {@link CodecBenchmark} by the CPU time of their thread, in rounds that take turns: for machines shared
 * with other work, where JMH's wall clock says little.
 */
public final class CodecCpuTime {
    private static final int WARMUP_ROUNDS = 12;
    private static final int ROUNDS = 40;

    private static volatile Object sink;

    private CodecCpuTime() {}

    /** Prints the fastest and the median round of each call, in nanoseconds a call. */
    public static void main(String[] arguments) throws Exception {
        CodecBenchmark codecs = new CodecBenchmark();
        codecs.encodeOnce();
        Map<String, Callable<Object>> calls = new LinkedHashMap<>();
        calls.put("encodeSmallStreamx", codecs::encodeSmallStreamx);
        calls.put("encodeSmallProtobuf", codecs::encodeSmallProtobuf);
        calls.put("encodeSmallLibthrift", codecs::encodeSmallLibthrift);
        calls.put("decodeSmallStreamx", codecs::decodeSmallStreamx);
        calls.put("decodeSmallProtobuf", codecs::decodeSmallProtobuf);
        calls.put("decodeSmallLibthrift", codecs::decodeSmallLibthrift);
        calls.put("encodeLargeStreamx", codecs::encodeLargeStreamx);
        calls.put("encodeLargeProtobuf", codecs::encodeLargeProtobuf);
        calls.put("encodeLargeLibthrift", codecs::encodeLargeLibthrift);
        calls.put("decodeLargeStreamx", codecs::decodeLargeStreamx);
        calls.put("decodeLargeProtobuf", codecs::decodeLargeProtobuf);
        calls.put("decodeLargeLibthrift", codecs::decodeLargeLibthrift);

        Map<String, double[]> nanos = new LinkedHashMap<>();
        for (int round = -WARMUP_ROUNDS; round < ROUNDS; round++) {
            for (Map.Entry<String, Callable<Object>> call : calls.entrySet()) {
                int times = call.getKey().contains("Small") ? 200_000 : 20_000;
                double each = cpuNanos(call.getValue(), times) / times;
                if (round >= 0) {
                    nanos.computeIfAbsent(call.getKey(), ignored -> new double[ROUNDS])[round] = each;
                }
            }
        }
        nanos.forEach((name, rounds) -> {
            Arrays.sort(rounds);
            System.out.printf("%-24s %8.1f %8.1f%n", name, rounds[0], rounds[ROUNDS / 2]);
        });
    }

    private static double cpuNanos(Callable<Object> call, int times) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        Object last = null;
        for (int i = 0; i < times; i++) {
            last = call.call();
        }
        sink = last;
        return threads.getCurrentThreadCpuTime() - before;
    }
}
