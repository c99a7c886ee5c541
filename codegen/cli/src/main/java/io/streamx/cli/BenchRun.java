package io.streamx.cli;

import io.streamx.BidiStreamingClient;
import io.streamx.BizStatusException;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import io.streamx.generic.GenericException;
import io.streamx.generic.JsonOptions;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Makes one call again and again from several callers, each on a virtual thread of its own, and measures how long each took.
 *
 * <p>In the closed loop a caller makes its next call when the last one has ended. In the open loop calls have times at which
 * they are due, whatever the server does; one that begins late because the last one took long counts from the time it was due,
 * so that a server that stops for a second is seen by all the calls of that second and not by one of them.
 */
final class BenchRun {
    private static final int DIGITS = 3;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;
    private final MethodDescriptor<String, String> method;
    private final CallOptions options;
    private final Load load;
    /** Latencies in nanoseconds. */
    private final Recorder latencies = new Recorder(DIGITS);

    private final Histogram total = new Histogram(DIGITS);
    private final LongAdder messages = new LongAdder();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private volatile boolean stopped;
    /** When the measuring began; 0 while calls only warm up. */
    private volatile long measured;

    /**
     * What is asked of the server.
     *
     * @param callers how many calls are made at once
     * @param rate calls a second in the open loop; 0 for the closed loop
     * @param duration how long is measured
     * @param warmUp how long calls are made before that
     * @param messages of one stream; for bidirectional ones 0 is no end
     */
    record Load(int callers, double rate, Duration duration, Duration warmUp, int messages) {}

    /**
     * One second.
     *
     * @param second counted from 1
     * @param calls that ended well in it
     * @param errors that calls ended with in it
     * @param p50 half of the calls were as fast, in nanoseconds
     * @param p99 all but one of a hundred were
     */
    record Interval(int second, long calls, long errors, long p50, long p99) {}

    /**
     * What a run has measured.
     *
     * @param seconds how long was measured
     * @param latencies of calls that ended well, in nanoseconds
     * @param messages that went either way
     * @param errors by what they say, with how many there were
     * @param intervals second by second
     */
    record Result(
            double seconds, Histogram latencies, long messages, Map<String, Long> errors, List<Interval> intervals) {
        long errorCount() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    BenchRun(Channel channel, MethodDescriptor<String, String> method, CallOptions options, Load load) {
        this.channel = channel;
        this.method = method;
        this.options = options;
        this.load = load;
    }

    /** Ends the run early; what was measured so far is the result. */
    void stop() {
        stopped = true;
    }

    /** Runs to its end, and tells {@code progress} of each second. */
    Result run(Consumer<Interval> progress) throws InterruptedException {
        long began = System.nanoTime();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < load.callers(); i++) {
            int number = i;
            callers.add(Thread.ofVirtual().name("streamx-caller-" + i).start(() -> call(number, began)));
        }
        waitUntil(began + load.warmUp().toNanos());
        Histogram interval = latencies.getIntervalHistogram();
        long start = System.nanoTime();
        measured = start;
        long end = start + load.duration().toNanos();
        List<Interval> intervals = new ArrayList<>();
        long errorsBefore = 0;
        for (int second = 1; !stopped && System.nanoTime() < end; second++) {
            waitUntil(Math.min(end, start + second * SECOND));
            interval = latencies.getIntervalHistogram(interval);
            long errorsNow = errors.values().stream().mapToLong(LongAdder::sum).sum();
            Interval done = new Interval(
                    second,
                    interval.getTotalCount(),
                    errorsNow - errorsBefore,
                    interval.getValueAtPercentile(50),
                    interval.getValueAtPercentile(99));
            errorsBefore = errorsNow;
            total.add(interval);
            intervals.add(done);
            progress.accept(done);
        }
        double seconds = (System.nanoTime() - start) / (double) SECOND;
        stopped = true;
        Map<String, Long> counted = new java.util.TreeMap<>();
        errors.forEach((text, count) -> counted.put(text, count.sum()));
        long passed = messages.sum();
        for (Thread caller : callers) {
            caller.interrupt();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return new Result(seconds, total, passed, counted, intervals);
    }

    private void waitUntil(long time) throws InterruptedException {
        for (long left = time - System.nanoTime(); left > 0 && !stopped; left = time - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, SECOND / 20));
        }
    }

    /**
     * Makes one call before all others, so that the time it takes to connect is part of nothing.
     *
     * @throws io.streamx.RpcException when the call fails otherwise than by what its handler answers
     */
    void tryOnce() {
        Operation operation = operation();
        try {
            int unused = operation.run();
        } catch (BizStatusException | GenericException | IllegalStateException answered) {
            // Answers of this kind can be measured too. The last is a stream that its server has ended.
        } finally {
            operation.abandon();
        }
    }

    /** What one caller does: it warms up, and then makes the calls that count, with due times of their own. */
    private void call(int number, long began) {
        Operation operation = operation();
        try {
            loop(operation, number, began, true);
            loop(operation, number, measured, false);
        } finally {
            operation.abandon();
        }
    }

    private void loop(Operation operation, int number, long base, boolean warmsUp) {
        boolean isOpen = load.rate() > 0;
        double gap = isOpen ? SECOND * load.callers() / load.rate() : 0;
        // Callers take turns, so that calls are due one after the other and not all at once.
        double first = isOpen ? number * SECOND / load.rate() : 0;
        for (long count = 0; goesOn(warmsUp); count++) {
            long due = base + (long) (first + count * gap);
            while (isOpen && System.nanoTime() < due && goesOn(warmsUp)) {
                LockSupport.parkNanos(Math.min(due - System.nanoTime(), SECOND / 20));
            }
            if (goesOn(warmsUp)) {
                once(operation, isOpen ? due : System.nanoTime(), warmsUp);
            }
        }
    }

    private boolean goesOn(boolean warmsUp) {
        return !stopped && (!warmsUp || measured == 0);
    }

    private void once(Operation operation, long start, boolean warmsUp) {
        try {
            int passed = operation.run();
            if (!warmsUp && !stopped) {
                latencies.recordValue(Math.max(0, System.nanoTime() - start));
                messages.add(passed);
            }
        } catch (RuntimeException e) {
            operation.abandon();
            if (!warmsUp && !stopped) {
                failed(e);
            }
        }
    }

    private void failed(RuntimeException e) {
        Report report = Reports.of(e, JsonOptions.DEFAULT);
        String text = report.title() + (report.code() == null ? "" : " " + report.code()) + ": " + report.text();
        errors.computeIfAbsent(text, key -> new LongAdder()).increment();
    }

    private Operation operation() {
        return switch (method.mode()) {
            case UNARY ->
                () -> {
                    Object unused = channel.call(method, PreparedMethod.MESSAGE, options);
                    return method.isOneway() ? 1 : 2;
                };
            case SERVER -> this::serverStream;
            case CLIENT -> this::clientStream;
            case BIDIRECTIONAL -> new RoundTrips();
        };
    }

    private int serverStream() {
        int passed = 1;
        try (ServerStreamingClient<String> stream = channel.serverStreaming(method, PreparedMethod.MESSAGE, options)) {
            while (stream.recv() != null) {
                passed++;
            }
        }
        return passed;
    }

    private int clientStream() {
        try (ClientStreamingClient<String, String> stream = channel.clientStreaming(method, options)) {
            for (int i = 0; i < load.messages(); i++) {
                stream.send(PreparedMethod.MESSAGE);
            }
            Object unused = stream.closeAndRecv();
        }
        return load.messages() + 1;
    }

    /** What one caller does again and again, and what is measured each time. */
    @FunctionalInterface
    private interface Operation {
        /** Runs once, and returns how many messages went in both directions together. */
        int run();

        /** Gives up a stream that is open; called after a failure and at the end of the run. */
        default void abandon() {}
    }

    /** A message and its answer, on a stream that is used for many. */
    private final class RoundTrips implements Operation {
        private @Nullable BidiStreamingClient<String, String> stream;
        private int made;

        @Override
        public int run() {
            BidiStreamingClient<String, String> open = stream;
            if (open == null) {
                open = channel.bidiStreaming(method, options);
                stream = open;
                made = 0;
            }
            open.send(PreparedMethod.MESSAGE);
            if (open.recv() == null) {
                throw new IllegalStateException("the stream ended after " + made
                        + " answers (expected: an answer to each message; give --messages where a stream has an end)");
            }
            made++;
            if (made == load.messages()) {
                open.closeSend();
                while (open.recv() != null) {
                    // Answers beyond the last message are not counted.
                }
                stream = null;
                open.close();
            }
            return 2;
        }

        @Override
        public void abandon() {
            BidiStreamingClient<String, String> open = stream;
            if (open != null) {
                stream = null;
                open.close();
            }
        }
    }
}
