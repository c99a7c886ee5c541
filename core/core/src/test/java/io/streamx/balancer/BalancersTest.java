package io.streamx.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.streamx.discovery.Instance;
import io.streamx.middleware.ClientCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How balancers spread calls, counted. */
class BalancersTest {
    private static final ClientCall CALL = new AnyCall();
    private static final Predicate<Candidate> NONE = candidate -> false;

    private static List<Candidate> candidates(double... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> Candidate.of(Instance.of("10.0.0." + i + ":80").withWeight(weights[i])))
                .toList();
    }

    private static List<Candidate> many(int count, int seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> Candidate.of(
                        Instance.of("10.0." + i / 250 + "." + i % 250 + ":80").withWeight(1 + random.nextInt(100))))
                .toList();
    }

    private static Map<Candidate, Integer> counts(Balancer.Picker picker, int picks) {
        Map<Candidate, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(picker.pick(CALL, "key " + i, NONE), 1, Integer::sum);
        }
        return counts;
    }

    private static Balancer byRequest() {
        return Balancer.consistentHash((call, request) -> (String) request);
    }

    static Stream<Arguments> balancers() {
        return Stream.of(
                Arguments.of("round robin", Balancer.roundRobin()),
                Arguments.of("weighted round robin", Balancer.weightedRoundRobin()),
                Arguments.of("weighted random", Balancer.weightedRandom()),
                Arguments.of("least active", Balancer.leastActive()),
                Arguments.of("peak EWMA", Balancer.peakEwma()),
                Arguments.of("consistent hash", byRequest()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("balancers")
    void whatIsRefusedIsNeverTakenAndNothingIsWhenAllAre(String name, Balancer balancer) {
        List<Candidate> all = candidates(1, 1000, 1, 10, 10);
        Balancer.Picker picker = balancer.picker(all);
        Candidate onlyOne = all.get(2);
        for (int i = 0; i < 1000; i++) {
            assertThat(picker.pick(CALL, "key " + i, candidate -> candidate != onlyOne))
                    .isSameAs(onlyOne);
        }
        assertThat(picker.pick(CALL, "key", candidate -> true)).isNull();
        assertThat(balancer.picker(candidates(3)).pick(CALL, null, NONE)).isNotNull();
    }

    @Test
    void roundRobinTakesEachInTurn() {
        List<Candidate> all = candidates(1, 100, 7);
        Balancer.Picker picker = Balancer.roundRobin().picker(all);
        assertThat(counts(picker, 3000)).isEqualTo(Map.of(all.get(0), 1000, all.get(1), 1000, all.get(2), 1000));
    }

    @Test
    void weightedRoundRobinIsExactForWholeNumbersAndTakesNoneManyTimesInARow() {
        List<Candidate> all = candidates(5, 1, 1, 2);
        Balancer.Picker picker = Balancer.weightedRoundRobin().picker(all);
        // Ten whole cycles and a part of a round.
        assertThat(counts(picker, 9000))
                .hasEntrySatisfying(all.get(0), count -> assertThat(count).isCloseTo(5000, within(2)))
                .hasEntrySatisfying(all.get(1), count -> assertThat(count).isCloseTo(1000, within(2)))
                .hasEntrySatisfying(all.get(2), count -> assertThat(count).isCloseTo(1000, within(2)))
                .hasEntrySatisfying(all.get(3), count -> assertThat(count).isCloseTo(2000, within(2)));
        int longest = 0;
        int run = 0;
        for (int i = 0; i < 900; i++) {
            run = picker.pick(CALL, null, NONE) == all.getFirst() ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        assertThat(longest).isLessThanOrEqualTo(3);
    }

    @Test
    void weightedRoundRobinKeepsFractionsOfWeights() {
        List<Candidate> all = candidates(0.5, 1, 2.5);
        Map<Candidate, Integer> counts = counts(Balancer.weightedRoundRobin().picker(all), 400_000);
        assertThat(counts.get(all.get(0))).isCloseTo(50_000, within(100));
        assertThat(counts.get(all.get(1))).isCloseTo(100_000, within(100));
        assertThat(counts.get(all.get(2))).isCloseTo(250_000, within(100));
    }

    @Test
    void weightedRandomGoesByWeights() {
        List<Candidate> all = candidates(1, 9, 90);
        Map<Candidate, Integer> counts = counts(Balancer.weightedRandom().picker(all), 100_000);
        // Six standard deviations.
        assertThat(counts.get(all.get(0))).isCloseTo(1_000, within(190));
        assertThat(counts.get(all.get(1))).isCloseTo(9_000, within(545));
        assertThat(counts.get(all.get(2))).isCloseTo(90_000, within(570));
    }

    @Test
    void leastActiveFillsUpInProportionToWeights() {
        List<Candidate> all = candidates(10, 20, 30);
        Balancer balancer = Balancer.leastActive();
        Balancer.Picker picker = balancer.picker(all);
        for (int i = 0; i < 60; i++) {
            balancer.feedback().started(picker.pick(CALL, null, NONE));
        }
        assertThat(all).extracting(Candidate::active).containsExactly(10, 20, 30);
        for (int i = 0; i < 30; i++) {
            balancer.feedback().ended(all.get(2), -1, null);
        }
        for (int i = 0; i < 30; i++) {
            balancer.feedback().started(picker.pick(CALL, null, NONE));
        }
        assertThat(all).extracting(Candidate::active).containsExactly(10, 20, 30);
    }

    @Test
    void peakEwmaLeavesAnInstanceThatBecameSlow() {
        List<Candidate> all = candidates(10, 10, 10, 10);
        Balancer balancer = Balancer.peakEwma();
        Balancer.Picker picker = balancer.picker(all);
        Balancer.CallFeedback feedback = balancer.feedback();
        Map<Candidate, Integer> counts = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            Candidate picked = picker.pick(CALL, null, NONE);
            feedback.started(picked);
            boolean slow = picked == all.getFirst();
            feedback.ended(picked, slow ? 50_000_000 : 1_000_000, null);
            counts.merge(picked, 1, Integer::sum);
        }
        assertThat(counts.getOrDefault(all.getFirst(), 0)).isLessThan(40);
        assertThat(counts.values().stream().mapToInt(count -> count).sum()).isEqualTo(4000);
    }

    @Test
    void peakEwmaDoesNotTakeAnInstanceThatFailsAtOnceForAFastOne() {
        List<Candidate> all = candidates(10, 10);
        Balancer balancer = Balancer.peakEwma();
        Balancer.Picker picker = balancer.picker(all);
        Balancer.CallFeedback feedback = balancer.feedback();
        int failed = 0;
        for (Candidate candidate : all) {
            feedback.started(candidate);
            feedback.ended(candidate, 1_000_000, null);
        }
        for (int i = 0; i < 1000; i++) {
            Candidate picked = picker.pick(CALL, null, NONE);
            boolean failing = picked == all.getFirst();
            failed += failing ? 1 : 0;
            feedback.started(picked);
            feedback.ended(picked, failing ? 1000 : 1_000_000, failing ? new IllegalStateException() : null);
        }
        assertThat(failed).isLessThan(100);
    }

    @Test
    void consistentHashGivesEachItsShareOfKeysAndMovesFewWhenOneGoes() {
        List<Candidate> all = new ArrayList<>(candidates(10, 10, 10, 10, 20));
        Balancer.Picker before = byRequest().picker(all);
        Map<Candidate, Integer> counts = counts(before, 60_000);
        for (int i = 0; i < 4; i++) {
            assertThat(counts.get(all.get(i))).isBetween(7_000, 13_000);
        }
        assertThat(counts.get(all.get(4))).isBetween(16_000, 24_000);

        Candidate gone = all.remove(1);
        Balancer.Picker after = byRequest().picker(all);
        for (int i = 0; i < 10_000; i++) {
            Candidate owner = before.pick(CALL, "key " + i, NONE);
            Candidate other = before.pick(CALL, "key " + i, candidate -> candidate == gone);
            assertThat(after.pick(CALL, "key " + i, NONE)).isSameAs(owner == gone ? other : owner);
        }
    }

    @Test
    void instancesOfTheZoneGoFirstWhileOneOfThemMayBeCalled() {
        List<Candidate> all = new ArrayList<>(candidates(10, 10, 10));
        Candidate near = Candidate.of(Instance.of("10.0.1.1:80").withTag(Instance.ZONE, "north"));
        all.add(near);
        Balancer.Picker picker =
                Balancer.zoneFirst("north", Balancer.weightedRoundRobin()).picker(all);
        assertThat(counts(picker, 100)).isEqualTo(Map.of(near, 100));
        assertThat(picker.pick(CALL, null, candidate -> candidate == near))
                .isNotNull()
                .isNotSameAs(near);
        Balancer.Picker elsewhere =
                Balancer.zoneFirst("south", Balancer.roundRobin()).picker(all);
        assertThat(counts(elsewhere, 100)).hasSize(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Balancer.zoneFirst(" ", Balancer.roundRobin()))
                .withMessageStartingWith("zone: ' ' (expected: ");
    }

    @Test
    void slowStartLetsANewInstanceBeginWithATenthOfItsWeight() {
        long now = System.nanoTime();
        Instance instance = Instance.of("10.0.1.1:80");
        Candidate brandNew = Candidate.appeared(instance, now);
        Candidate old = Candidate.of(Instance.of("10.0.1.2:80"));
        SlowStart slow = SlowStart.of(Duration.ofSeconds(100));
        assertThat(slow.weight(old, now)).isEqualTo(10);
        assertThat(slow.weight(brandNew, now)).isEqualTo(1);
        assertThat(slow.weight(brandNew, now + Duration.ofSeconds(50).toNanos()))
                .isEqualTo(5);
        assertThat(slow.weight(brandNew, now + Duration.ofSeconds(100).toNanos()))
                .isEqualTo(10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Balancer.leastActive().withSlowStart(Duration.ZERO))
                .withMessage("slow start: PT0S (expected: > 0)");

        for (Balancer balancer : List.of(
                Balancer.weightedRoundRobin().withSlowStart(Duration.ofHours(1)),
                Balancer.weightedRandom().withSlowStart(Duration.ofHours(1)))) {
            Map<Candidate, Integer> counts = counts(balancer.picker(List.of(old, brandNew)), 11_000);
            assertThat(counts.get(brandNew)).isBetween(800, 1200);
        }
    }

    @Test
    void anInstanceThatCannotBeConnectedToIsPassedOverLongerEachTimeAndTriedByOneCall() {
        Candidate candidate = Candidate.of(Instance.of("10.0.1.1:80"));
        long now = 1_000;
        assertThat(candidate.isPassedOver(now)).isFalse();
        long[] millis = {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000};
        for (long pause : millis) {
            candidate.connectFailed(now);
            assertThat(candidate.isPassedOver(now + pause * 1_000_000 - 1)).isTrue();
            now += pause * 1_000_000;
            assertThat(candidate.isPassedOver(now)).isFalse();
        }
        candidate.tried(now);
        assertThat(candidate.isPassedOver(now)).isTrue();
        candidate.connected();
        assertThat(candidate.isPassedOver(now)).isFalse();
        candidate.connectFailed(now);
        assertThat(candidate.isPassedOver(now + 500_000_000)).isFalse();
    }

    @Test
    void anInstanceWhoseServerIsLeavingIsPassedOverForASecondWhateverCallsFindThatWereOnTheirWay() {
        Candidate candidate = Candidate.of(Instance.of("10.0.1.1:80"));
        long now = System.nanoTime();
        candidate.leaving(now);
        candidate.tried();
        candidate.connected();
        assertThat(candidate.isPassedOver(now + 999_999_999)).isTrue();
        assertThat(candidate.isPassedOver(now + 1_000_000_000)).isFalse();
        assertThat(candidate.isPassedOver()).isTrue();

        Candidate back = Candidate.of(Instance.of("10.0.1.2:80"));
        back.leaving(System.nanoTime() - 1_000_000_000);
        assertThat(back.isPassedOver()).isFalse();
        back.tried();
        back.connected();
        assertThat(back.isPassedOver()).isFalse();
        back.connectFailed(now);
        back.connected();
        assertThat(back.isPassedOver(now)).isFalse();
    }

    // ---- a thousand instances and a million picks ----

    private static final int PICKS = 1_000_000;

    @Test
    void aThousandInstancesHaveTheirWeightsInAMillionPicks() {
        List<Candidate> all = many(1000, 7);
        double total = all.stream().mapToDouble(c -> c.instance().weight()).sum();
        Map<Candidate, Integer> inTurn = counts(Balancer.weightedRoundRobin().picker(all), PICKS);
        Map<Candidate, Integer> byChance = counts(Balancer.weightedRandom().picker(all), PICKS);
        for (Candidate candidate : all) {
            double expected = PICKS * candidate.instance().weight() / total;
            assertThat((double) inTurn.getOrDefault(candidate, 0))
                    .as("picks of weight %s", candidate.instance().weight())
                    .isCloseTo(expected, within(2.0));
            assertThat((double) byChance.getOrDefault(candidate, 0))
                    .isCloseTo(expected, within(6 * Math.sqrt(expected)));
        }
    }

    @Test
    void aThousandInstancesOfDifferentSpeedShareAMillionCalls() {
        simulate(Balancer.leastActive());
        simulate(Balancer.peakEwma());
    }

    /** Simulated time: a call each tick, which ends after 200 to 5,000 ticks, as its instance is fast or slow. */
    private static void simulate(Balancer balancer) {
        List<Candidate> all = many(1000, 11).stream()
                .map(candidate -> Candidate.of(candidate.instance().withWeight(10)))
                .toList();
        Balancer.Picker picker = balancer.picker(all);
        Balancer.CallFeedback feedback = balancer.feedback();
        Map<Candidate, Integer> slowness = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            slowness.put(all.get(i), i % 10 == 0 ? 5000 : 200);
        }
        int horizon = 5001;
        List<List<Candidate>> ending = new ArrayList<>();
        for (int i = 0; i < horizon; i++) {
            ending.add(new ArrayList<>());
        }
        int worst = 0;
        int toSlow = 0;
        for (int tick = 0; tick < PICKS; tick++) {
            for (Candidate done : ending.get(tick % horizon)) {
                feedback.ended(done, slowness.get(done) * 1000L, null);
            }
            ending.get(tick % horizon).clear();
            Candidate picked = picker.pick(CALL, null, NONE);
            feedback.started(picked);
            int takes = slowness.get(picked);
            toSlow += takes == 5000 ? 1 : 0;
            worst = Math.max(worst, picked.active());
            ending.get((tick + takes) % horizon).add(picked);
        }
        // Blind turns would give the slow tenth a tenth of the calls, five at once each, and gusts of more.
        assertThat(worst).as("most at once under %s", balancer).isLessThanOrEqualTo(8);
        assertThat(toSlow).as("calls to slow instances under %s", balancer).isLessThan(PICKS / 10);
    }
}
