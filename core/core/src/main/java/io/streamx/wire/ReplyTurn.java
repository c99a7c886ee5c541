package io.streamx.wire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the handler of one unary call waits, if it has to, until its connection may hold another whole reply. */
public final class ReplyTurn {
    private volatile UnsentReplies.@Nullable Turn waiting;
    private volatile boolean gone;
    /** Whether a reply is being made. Only the handler's thread uses the field. */
    private boolean entered;

    /**
     * Waits, if need be. On the handler's thread, before the reply is made; {@link #done} follows, whatever this returns.
     *
     * @param longest how long the wait may be; null for any time
     * @return false when there was no room for so long, and the reply should not be made
     */
    public boolean await(UnsentReplies replies, @Nullable Duration longest) {
        if (replies.enter()) {
            entered = true;
            return true;
        }
        UnsentReplies.Turn turn = replies.newTurn();
        waiting = turn;
        if (gone) {
            return true;
        }
        try {
            entered = turn.await(longest == null ? Long.MAX_VALUE : TimeLimit.nanos(longest));
            return entered || gone;
        } catch (InterruptedException e) {
            // The handler has left its thread interrupted, which is no reason to lose what it has done.
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** The reply has been made and counted, or will not be. On the thread that has called {@link #await}. */
    public void done(UnsentReplies replies) {
        if (entered) {
            entered = false;
            replies.leave();
        }
    }

    /** Nobody wants the reply any more. Any thread. */
    public void giveUp() {
        gone = true;
        UnsentReplies.Turn turn = waiting;
        if (turn != null) {
            turn.giveUp();
        }
    }

    /** What to tell a caller whose reply was not made; {@code held} bytes wait for it. */
    public static String refusal(long held, @Nullable Duration longest) {
        return "the reply was not sent: " + held + " bytes of replies wait on the connection, and there was no room for"
                + " another one for " + (longest == null ? "ever" : longest.toMillis() + " ms")
                + " (expected: a caller that takes its replies; the setting sendTimeout of the server)";
    }
}
