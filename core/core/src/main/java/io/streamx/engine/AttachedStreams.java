package io.streamx.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection: those under way, and those that have ended with messages that nobody has taken yet, since
 * both hold memory. On the event loop.
 *
 * <p>The streams under way are a list linked through {@link ConnectionStream#previous} and {@link ConnectionStream#next}, so that a stream
 * comes and goes without allocating.
 */
final class AttachedStreams {
    private static final int FORGET_READ_AT_LEAST = 64;

    private final List<ConnectionStream> endedUnread = new ArrayList<>();
    private @Nullable ConnectionStream first;
    private int size;
    private int forgetReadAt = FORGET_READ_AT_LEAST;
    private @Nullable Runnable onEmpty;

    /** How many streams are under way. */
    int size() {
        return size;
    }

    void add(ConnectionStream exchange) {
        exchange.attached = true;
        exchange.next = first;
        if (first != null) {
            first.previous = exchange;
        }
        first = exchange;
        size++;
    }

    /** Removes a stream that has ended, and keeps in sight what it holds unread. */
    void remove(ConnectionStream exchange) {
        exchange.attached = false;
        ConnectionStream before = exchange.previous;
        ConnectionStream after = exchange.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        exchange.previous = null;
        exchange.next = null;
        size--;
        keepIfUnread(exchange);
    }

    /** What {@link #runIfEmpty} runs from now on. */
    void onEmpty(Runnable step) {
        onEmpty = step;
    }

    /** Tells whoever waits for the last stream to end, when none is under way. */
    void runIfEmpty() {
        if (size == 0 && onEmpty != null) {
            onEmpty.run();
        }
    }

    private void keepIfUnread(ConnectionStream exchange) {
        if (!exchange.mayStayUnread() || exchange.unread() == 0) {
            return;
        }
        if (endedUnread.size() >= forgetReadAt) {
            forgetRead();
        }
        endedUnread.add(exchange);
    }

    /** Lets {@code step} see each stream under way. The step may remove the stream that it sees, and no other. */
    void forEach(Consumer<ConnectionStream> step) {
        ConnectionStream exchange = first;
        while (exchange != null) {
            ConnectionStream after = exchange.next;
            step.accept(exchange);
            exchange = after;
        }
    }

    /** Lets {@code step} see each stream that has ended with unread messages. */
    void forEachUnread(Consumer<ConnectionStream> step) {
        forgetRead();
        endedUnread.forEach(step);
    }

    /** How many streams have ended with unread messages. */
    int endedUnread() {
        forgetRead();
        return endedUnread.size();
    }

    /** Keeps no ended stream any more. */
    void forgetEnded() {
        endedUnread.clear();
    }

    private void forgetRead() {
        endedUnread.removeIf(ended -> ended.unread() == 0);
        forgetReadAt = Math.max(FORGET_READ_AT_LEAST, 2 * endedUnread.size());
    }
}
