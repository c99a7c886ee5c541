package io.streamx.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Ways to write an ASCII string as UTF-8 into an array, by the CPU time of their thread: what the codec does, and what was
 * tried instead. A process measures one way, because the compiler shapes loops by all that it has seen.
 */
public final class StringCpuTime {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final long NEGATIVES = 0x8080_8080_8080_8080L;

    private static final int[] LENGTHS = {4, 8, 12, 22, 41, 100, 400};
    private static final int STRINGS = 64;
    private static final int TIMES = 2000;
    private static final int ROUNDS = 30;

    private static final byte[] TARGET = new byte[4096];
    private static volatile int sink;

    private StringCpuTime() {}

    /** Writes a string at a place and returns the place behind it. */
    private interface Way {
        int write(String text, int at);
    }

    /** As the codec does: the JDK's encoder makes an array, which is copied. */
    private static int encoder(String text, int at) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, TARGET, at, utf8.length);
        return at + utf8.length;
    }

    /** Character by character, and again by the encoder when there was one beyond ASCII. */
    private static int characters(String text, int at) {
        int length = text.length();
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            TARGET[at + i] = (byte) c;
            all |= c;
        }
        return all < 0x80 ? at + length : encoder(text, at);
    }

    /** The low bytes at once, and then a look at each character. */
    @SuppressWarnings("deprecation") // the one method of the JDK that copies a Latin-1 string without encoding it
    private static int copyAndLook(String text, int at) {
        int length = text.length();
        text.getBytes(0, length, TARGET, at);
        int all = 0;
        for (int i = 0; i < length; i++) {
            all |= text.charAt(i);
        }
        return all < 0x80 ? at + length : encoder(text, at);
    }

    /**
     * The low bytes at once, and then a look at eight of them at a time. It is a bound and no way to go: characters whose
     * low byte is ASCII are taken for it, and the JDK does not tell whether a string has any.
     */
    @SuppressWarnings("deprecation") // the one method of the JDK that copies a Latin-1 string without encoding it
    private static int bound(String text, int at) {
        int length = text.length();
        text.getBytes(0, length, TARGET, at);
        long all = 0;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            all |= (long) LONG.get(TARGET, at + i);
        }
        for (; i < length; i++) {
            all |= TARGET[at + i] & 0xffL;
        }
        return (all & NEGATIVES) == 0 ? at + length : encoder(text, at);
    }

    /** Prints the nanoseconds of a string of each length, the fastest of some rounds, for the way that is named. */
    public static void main(String[] arguments) {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("encoder", StringCpuTime::encoder);
        ways.put("characters", StringCpuTime::characters);
        ways.put("copy-and-look", StringCpuTime::copyAndLook);
        ways.put("bound", StringCpuTime::bound);
        Way way = arguments.length == 1 ? ways.get(arguments[0]) : null;
        if (way == null) {
            throw new IllegalArgumentException(
                    "arguments: " + Arrays.toString(arguments) + " (expected: one of " + ways.keySet() + ")");
        }
        for (int length : LENGTHS) {
            System.out.printf(Locale.ROOT, "%-14s %4d characters %7.1f ns%n", arguments[0], length, nanos(way, length));
        }
    }

    private static double nanos(Way way, int length) {
        String[] texts = new String[STRINGS];
        for (int i = 0; i < STRINGS; i++) {
            texts[i] = Character.toString('a' + i % 26).repeat(length);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double fastest = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadCpuTime();
            int sum = 0;
            for (int i = 0; i < TIMES; i++) {
                for (int text = 0; text < STRINGS; text++) {
                    sum += way.write(texts[text], text);
                }
            }
            sink = sum;
            fastest = Math.min(fastest, (threads.getCurrentThreadCpuTime() - before) / (double) (TIMES * STRINGS));
        }
        return fastest;
    }
}
