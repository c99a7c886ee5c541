package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each state and event. */
class IncompleteMessagesTest {
    private static final int LIMIT = 1_000_000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> effects = new ArrayList<>();
    private final IncompleteMessages incomplete = new IncompleteMessages(() -> LIMIT, new IncompleteMessages.Effects() {
        @Override
        public void narrowWindows() {
            effects.add("narrow");
        }

        @Override
        public void widenWindows() {
            effects.add("widen");
        }

        @Override
        public void withholdCredit() {
            effects.add("withhold");
        }

        @Override
        public void giveCredit() {
            effects.add("give");
        }

        @Override
        public void finishMessages() {
            effects.add("finish");
        }
    });

    private void come(int bytes) {
        incomplete.changed(bytes, bytes);
    }

    private void go(int bytes) {
        incomplete.changed(-bytes, 0);
    }

    private void narrowing() {
        come(LIMIT + 1);
        effects.clear();
    }

    private void oneByOne() {
        narrowing();
        incomplete.acknowledged(true);
        effects.clear();
    }

    @Test
    void upToTheLimitNothingFollows() {
        come(LIMIT);
        incomplete.acknowledged(false);
        incomplete.acknowledged(true);
        go(LIMIT);
        assertThat(effects).isEmpty();
        assertThat(incomplete.isOver()).isFalse();
    }

    @Test
    void beyondItNoCreditIsGivenAndWindowsAreNarrowed() {
        come(LIMIT);
        come(1);
        assertThat(effects).containsExactly("withhold", "narrow");
        assertThat(incomplete.isOver()).isTrue();
    }

    @Test
    void whileWindowsAreNarrowedMoreChangesNothing() {
        narrowing();
        come(LIMIT);
        incomplete.acknowledged(false);
        assertThat(effects).isEmpty();
    }

    @Test
    void whatEndsWhileWindowsAreNarrowedMakesThemWideAgain() {
        narrowing();
        go(LIMIT / 2);
        assertThat(effects).isEmpty();
        go(1);
        assertThat(effects).containsExactly("widen", "give");
        assertThat(incomplete.isOver()).isFalse();
    }

    @Test
    void onceWindowsAreNarrowMessagesAreFinished() {
        narrowing();
        incomplete.acknowledged(true);
        assertThat(effects).containsExactly("give", "finish");
        assertThat(incomplete.isOver()).isTrue();
    }

    @Test
    void whenHalfIsFreeWindowsAreWideAgain() {
        oneByOne();
        come(LIMIT);
        incomplete.acknowledged(true);
        go(LIMIT);
        go(LIMIT / 2);
        assertThat(effects).isEmpty();
        go(1);
        assertThat(effects).containsExactly("widen");
        assertThat(incomplete.isOver()).isFalse();
    }

    @Test
    void widerWindowsAcknowledgedLateTakeTheCreditBackUntilTheNarrowOnesAre() {
        oneByOne();
        incomplete.acknowledged(false);
        assertThat(effects).containsExactly("withhold");
        incomplete.acknowledged(true);
        assertThat(effects).containsExactly("withhold", "give", "finish");
    }

    @Test
    void itIsStalledWhenNextToNothingCameSinceItIsWatched() {
        come(100_000);
        incomplete.watch();
        come(64 * 1024 - 1);
        assertThat(incomplete.isStalled(SECOND)).isTrue();
        come(1);
        assertThat(incomplete.isStalled(SECOND)).isFalse();
        incomplete.watch();
        assertThat(incomplete.isStalled(SECOND)).isTrue();
    }

    @Test
    void whatWasUnderWayBeforeWindowsWereNarrowIsNoProgress() {
        narrowing();
        come(LIMIT);
        incomplete.acknowledged(true);
        assertThat(incomplete.isStalled(SECOND)).isTrue();
    }
}
