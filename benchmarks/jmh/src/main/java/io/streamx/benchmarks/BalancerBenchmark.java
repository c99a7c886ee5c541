package io.streamx.benchmarks;

import io.streamx.StreamingMode;
import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.discovery.Instance;
import io.streamx.middleware.ClientCall;
import io.streamx.service.CallOptions;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One choice among instances of weights from 1 to 10. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BalancerBenchmark {
    private static final ClientCall CALL = new Call();
    private static final Predicate<Candidate> PASSED_OVER = Candidate::isPassedOver;

    /** Which balancer. */
    @Param({
        "roundRobin",
        "weightedRoundRobin",
        "weightedRandom",
        "leastActive",
        "leastActiveOfBusy",
        "peakEwma",
        "consistentHash"
    })
    public String balancer;

    /** How many instances. */
    @Param({"3", "100", "1000"})
    public int instances;

    private Balancer.Picker picker;

    /** Makes the candidates. */
    @Setup
    public void prepare() {
        Balancer made = switch (balancer) {
            case "roundRobin" -> Balancer.roundRobin();
            case "weightedRoundRobin" -> Balancer.weightedRoundRobin();
            case "weightedRandom" -> Balancer.weightedRandom();
            case "leastActive", "leastActiveOfBusy" -> Balancer.leastActive();
            case "peakEwma" -> Balancer.peakEwma();
            default -> Balancer.consistentHash((call, request) -> (String) request);
        };
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            all.add(Candidate.of(
                    Instance.of("10.0." + i / 250 + "." + i % 250 + ":8888").withWeight(1 + i % 10)));
            if (made.feedback() != null) {
                made.feedback().started(all.get(i));
                made.feedback().ended(all.get(i), 1_000_000 + i, null);
            }
            // Streams that run everywhere, so that the search has to look at each.
            for (int j = 0; j < 1 + i * 7 % 11 && balancer.equals("leastActiveOfBusy"); j++) {
                made.feedback().started(all.get(i));
            }
        }
        picker = made.picker(all);
    }

    /** A choice. */
    @Benchmark
    public Candidate pick() {
        return picker.pick(CALL, "user 4711", PASSED_OVER);
    }

    private record Call() implements ClientCall {
        @Override
        public ClientCall withAttempt(int attempt) {
            return this;
        }

        @Override
        public CallOptions options() {
            return CallOptions.NONE;
        }

        @Override
        public ClientCall withOptions(CallOptions options) {
            return this;
        }

        @Override
        public String service() {
            return "Service";
        }

        @Override
        public String method() {
            return "Method";
        }

        @Override
        public StreamingMode mode() {
            return StreamingMode.UNARY;
        }

        @Override
        public String from() {
            return "";
        }

        @Override
        public String to() {
            return "a.b.c";
        }

        @Override
        public SocketAddress remoteAddress() {
            return null;
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }
    }
}
