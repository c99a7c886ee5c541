package io.streamx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which stream of a connection ends when it holds too much, look by look. */
class HeldUpStreamsTest {
    private static final class Fake implements HeldUpStreams.Stream {
        private final HeldUpStreams.Progress progress = new HeldUpStreams.Progress();
        private final String name;
        private long taken;
        private long unread;
        private boolean awaited;
        private long age = 1_000_000;

        Fake(String name) {
            this.name = name;
        }

        Fake holds(long bytes) {
            unread = bytes;
            return this;
        }

        Fake took(long bytes) {
            taken += bytes;
            return this;
        }

        Fake waits() {
            awaited = true;
            return this;
        }

        Fake of(long ageNanos) {
            age = ageNanos;
            return this;
        }

        @Override
        public long takenCost() {
            return taken;
        }

        @Override
        public long unread() {
            return unread;
        }

        @Override
        public boolean isAwaited() {
            return awaited;
        }

        @Override
        public long ageNanos() {
            return age;
        }

        @Override
        public HeldUpStreams.Progress progress() {
            return progress;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final HeldUpStreams<Fake> heldUp = new HeldUpStreams<>();
    private final List<Fake> streams = new ArrayList<>();

    @BeforeEach
    void begin() {
        heldUp.beginTime();
    }

    private Fake stream(String name) {
        Fake stream = new Fake(name);
        streams.add(stream);
        return stream;
    }

    private List<Fake> look(long excess) {
        heldUp.beginLook();
        streams.forEach(heldUp::look);
        List<Fake> findings = heldUp.findings(excess);
        heldUp.endLook();
        return findings;
    }

    private List<Fake> looks(int count, long excess, Runnable between) {
        List<Fake> findings = List.of();
        for (int i = 0; i < count; i++) {
            findings = look(excess);
            between.run();
        }
        return findings;
    }

    private List<Fake> patientLooks() {
        return looks(HeldUpStreams.PATIENCE + 1, 1, () -> {});
    }

    @Test
    void aStreamThatNobodyReadsEndsAfterAllLooksAndNotBefore() {
        Fake unread = stream("unread").holds(1000);

        assertThat(looks(HeldUpStreams.PATIENCE, 1, () -> {})).isEmpty();
        assertThat(look(1)).containsExactly(unread);
    }

    @Test
    void whatWasSeenInAnEarlierTimeDoesNotCount() {
        stream("unread").holds(1000);
        looks(HeldUpStreams.PATIENCE, 1, () -> {});

        heldUp.beginTime();

        assertThat(look(1)).isEmpty();
    }

    @Test
    void aStreamThatTakesOneMessageBetweenLooksGoesOn() {
        Fake slow = stream("slow").holds(1000);

        assertThat(looks(20, 1, () -> slow.took(1))).isEmpty();
    }

    @Test
    void readersThatAreEquallySlowGoOnThoughOneOfThemWaits() {
        List<Fake> slow = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            slow.add(stream("slow " + i).holds(1000).took(100));
        }
        stream("empty").took(100).waits();

        assertThat(looks(20, 1, () -> slow.forEach(one -> one.took(1)))).isEmpty();
    }

    @Test
    void theFullestOfThoseThatNobodyReadsEndsAndAReaderDoesNot() {
        Fake read = stream("read").holds(5000);
        stream("small").holds(10);
        Fake fullest = stream("fullest").holds(9000);

        assertThat(looks(HeldUpStreams.PATIENCE + 1, 1, () -> read.took(1))).containsExactly(fullest);
    }

    @Test
    void aBusyHandlerWithLittleUnreadIsSparedWhereASlowReaderHoldsTheMost() {
        Fake slow = stream("slow").holds(9000);
        stream("busy").holds(100);

        assertThat(looks(20, 1, () -> slow.took(1))).isEmpty();
    }

    @Test
    void asManyEndAsAreNeededAndNoMore() {
        for (int i = 0; i < 10; i++) {
            stream("unread " + i).holds(1000);
        }

        assertThat(looks(HeldUpStreams.PATIENCE + 1, 2500, () -> {})).hasSize(3);
    }

    @Test
    void aSlowReaderEndsWhereItHoldsUpAFastOne() {
        Fake slow = stream("slow").holds(9000).took(50);
        stream("fast").took(100_000).waits();

        assertThat(looks(HeldUpStreams.PATIENCE + 1, 1, () -> slow.took(1))).containsExactly(slow);
    }

    @Test
    void aFastStreamIsToldByItsSpeedAndNotByItsAge() {
        Fake slow = stream("slow").holds(9000).took(10_000).of(100_000_000);
        stream("fast").took(1000).of(1_000_000).waits();

        assertThat(looks(HeldUpStreams.PATIENCE + 1, 1, () -> slow.took(1))).containsExactly(slow);
    }

    @Test
    void aSlowReaderEndsWhereSomebodyWaitsForTheFirstThingOfAStream() {
        Fake slow = stream("slow").holds(9000).took(50);
        stream("new").waits();

        assertThat(looks(HeldUpStreams.PATIENCE + 1, 1, () -> slow.took(1))).containsExactly(slow);
    }

    @Test
    void aStreamForWhichNobodyWaitsIsNotHeldUp() {
        Fake slow = stream("slow").holds(9000).took(50);
        stream("idle");

        assertThat(looks(20, 1, () -> slow.took(1))).isEmpty();
    }

    @Test
    void oneThatGetsItsMessagesNowAndThenIsNotHeldUp() {
        Fake slow = stream("slow").holds(9000).took(50);
        Fake fast = stream("fast").took(100_000).waits();

        assertThat(looks(20, 1, () -> {
                    slow.took(1);
                    fast.took(1);
                }))
                .isEmpty();
    }

    @Test
    void withoutStreamsNothingEnds() {
        assertThat(patientLooks()).isEmpty();
    }
}
