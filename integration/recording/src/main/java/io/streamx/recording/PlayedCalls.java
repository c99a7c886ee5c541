package io.streamx.recording;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The calls of a recording that a server plays, and what has come of each. For the one event loop of the server that plays them, where a
 * method does not say otherwise. */
final class PlayedCalls {
    private final List<Slot> recorded;
    private final Set<String> ignored;
    private final List<Playing> unknown = new ArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final CompletableFuture<@Nullable Void> allCame = new CompletableFuture<>();

    /**
     * Plays these calls.
     *
     * @param ignored the names of entries that say nothing about which call is which
     */
    PlayedCalls(List<RecordedExchange> calls, Set<String> ignored) {
        recorded = calls.stream().map(Slot::new).toList();
        this.ignored = ignored;
        tellWhenAllCame();
    }

    /** A call of the recording, and the one that a client has made in its place. */
    private static final class Slot {
        private final RecordedExchange call;
        private final List<RecordedFrame> fromClient;
        private @Nullable Playing taken;

        private Slot(RecordedExchange call) {
            this.call = call;
            fromClient =
                    call.frames().stream().filter(RecordedFrame::fromClient).toList();
        }

        private boolean begins(List<RecordedFrame> received, Set<String> ignored) {
            for (int i = 0; i < received.size(); i++) {
                if (i >= fromClient.size()
                        || !fromClient
                                .get(i)
                                .text(ignored)
                                .equals(received.get(i).text(ignored))) {
                    return false;
                }
            }
            return true;
        }

        private boolean isMissing() {
            return taken == null || taken.received.size() < fromClient.size();
        }
    }

    /**
     * A call that a client makes. Which call of the recording it stands for is decided when an answer is due: calls of one method
     * that are made side by side are told by what has come until then.
     */
    final class Playing {
        private final String method;
        private final List<RecordedFrame> received = new ArrayList<>();
        private @Nullable Slot slot;
        private boolean isUnknown;
        /** How much of the script has been played. */
        private int next;
        /** How many of the received frames the script has come by. */
        private int passed;

        /** The next answer has been scheduled. */
        private boolean waits;

        private Playing(String method) {
            this.method = method;
        }

        /** Whether the recording has no such call. */
        boolean isUnknown() {
            return isUnknown;
        }

        private List<RecordedFrame> script() {
            return slot == null ? List.of() : slot.call.frames();
        }

        /** Takes a frame of the client. */
        void received(RecordedFrame frame) {
            received.add(frame);
            if (slot == null && !isUnknown) {
                choose();
            }
            tellWhenAllCame();
        }

        private void choose() {
            List<Slot> free = recorded.stream()
                    .filter(each -> each.taken == null && each.call.method().equals(method))
                    .toList();
            if (free.isEmpty()) {
                isUnknown = true;
                unknown.add(this);
                return;
            }
            Slot best = free.stream()
                    .filter(each -> each.begins(received, ignored))
                    .findFirst()
                    .orElse(free.get(0));
            if (free.size() == 1 || answersAfter(best, received.size()) || received.size() >= best.fromClient.size()) {
                slot = best;
                best.taken = this;
            }
        }

        /** Whether the recording goes on with an answer when so many frames of the client have come. */
        private boolean answersAfter(Slot slot, int frames) {
            int seen = 0;
            for (RecordedFrame frame : slot.call.frames()) {
                if (!frame.fromClient()) {
                    return true;
                }
                seen++;
                if (seen > frames) {
                    return false;
                }
            }
            return false;
        }

        /** The answer whose turn it is, or null while frames of the client are missing, or nothing more is to be sent. */
        @Nullable
        RecordedFrame answer() {
            List<RecordedFrame> script = script();
            while (next < script.size()) {
                RecordedFrame frame = script.get(next);
                if (!frame.fromClient()) {
                    return frame;
                }
                if (passed == received.size()) {
                    return null;
                }
                passed++;
                next++;
            }
            return null;
        }

        /** How long after the frame before it the next one came in the recording, in nanoseconds. */
        long pause() {
            return next == 0
                    ? 0
                    : script().get(next).nanos() - script().get(next - 1).nanos();
        }

        void answered() {
            next++;
        }

        boolean waits() {
            return waits;
        }

        void setWaits(boolean waits) {
            this.waits = waits;
        }

        /** Whether all has been played and the connection is to end, which it did before this call. */
        boolean endsConnection() {
            return slot != null && slot.call.isLost() && next == script().size();
        }
    }

    /** A call that a client begins. */
    Playing begin(String method) {
        return new Playing(method);
    }

    private void tellWhenAllCame() {
        if (!allCame.isDone() && recorded.stream().noneMatch(Slot::isMissing)) {
            allCame.complete(null);
        }
    }

    /** Is completed when as many frames have come to each recorded call as the recording has. */
    CompletableFuture<@Nullable Void> allCame() {
        return allCame;
    }

    /** Is told of a connection, so that {@link #closeAll} ends it. */
    void opened(Channel connection) {
        connections.add(connection);
    }

    /** Closes all connections; called on any thread. */
    void closeAll() {
        connections.close().awaitUninterruptibly();
    }

    void addTo(List<PlayedCall> seen) {
        for (Slot each : recorded) {
            RecordedExchange call = each.call;
            List<RecordedFrame> received = each.taken == null ? List.of() : each.taken.received;
            seen.add(new PlayedCall(call.name(), call.method(), call.frames(), received, true));
        }
        unknown.forEach(each -> seen.add(new PlayedCall("call", each.method, List.of(), each.received, true)));
    }
}
