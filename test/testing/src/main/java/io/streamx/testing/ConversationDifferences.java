package io.streamx.testing;

import io.streamx.recording.PlayedCall;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the end under test says otherwise than in a recorded {@link Conversation}, frame by frame:
 *
 * <pre>{@code
 * #1 stream 1 Chat/talk
 *     -> Header isn=Chat
 *   - -> Data Question[text=hello]
 *   + -> Data Question[text=hi]
 *     <- Header
 *     <- Data Token[text=hello]
 * }</pre>
 *
 * <p>{@code -} was recorded, and {@code +} came in its place; lines without a mark are alike, or of the end that is played. Compared
 * are the frames of each call in their order: their types, entries and messages, and the end of what a client sends; not times, not
 * how bytes were cut into packets, and neither flow control nor what else is of the connection. Immutable.
 */
public final class ConversationDifferences {
    private final List<PlayedCall> calls;
    private final Set<String> ignored;

    ConversationDifferences(List<PlayedCall> calls, Set<String> ignored) {
        this.calls = List.copyOf(calls);
        this.ignored = ignored;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return calls.stream().allMatch(call -> call.isSame(ignored));
    }

    /** The calls that differ, frame by frame; empty where none does. */
    public String text() {
        return calls.stream()
                .filter(call -> !call.isSame(ignored))
                .map(call -> call.text(ignored))
                .collect(Collectors.joining("\n"));
    }

    /**
     * Fails a test when there are differences.
     *
     * @throws AssertionError with their text
     */
    public void verify() {
        if (!isEmpty()) {
            throw new AssertionError("not as recorded (- recorded, + now):\n" + text());
        }
    }

    /** All calls frame by frame, those without differences too. */
    @Override
    public String toString() {
        return calls.stream().map(call -> call.text(ignored)).collect(Collectors.joining("\n"));
    }
}
