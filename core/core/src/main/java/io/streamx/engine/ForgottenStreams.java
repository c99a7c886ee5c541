package io.streamx.engine;

import io.streamx.CallInfo;
import io.streamx.wire.Logs;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds streams of clients that nobody can reach any more and that were neither read to their end nor cancelled nor closed.
 * Such a stream would run on at its server and hold its place on the connection for as long as that lives. It is given up
 * as by a cancel, and said to be forgotten: in the log and to the call's listeners.
 *
 * <p>A stream costs one weak handle, which the stream's own state holds, so that nothing is registered anywhere and streams
 * that end in order leave no work to anybody. The line that opened a stream costs a walk of the stack: it is recorded where
 * a client was told to, and of methods of which a stream has been forgotten before, so that the second such stream names
 * its line without any setting.
 *
 * <p>A thread of its own waits for what the garbage collector finds; it is there while there are clients with streams. Safe
 * from any thread.
 */
public final class ForgottenStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForgottenStreams.class);
    /** Behind middleware the line that is looked for is not the first. */
    private static final int RECORDED_LINES = 6;
    /** More methods than that are no methods but names that somebody makes up. */
    private static final int MAX_METHODS = 1000;

    private static final ReferenceQueue<BlockingClientStream<?, ?>> LOST = new ReferenceQueue<>();
    /** Methods of which a stream has been forgotten. */
    private static final Set<String> SUSPECTS = ConcurrentHashMap.newKeySet();

    private static final Object LOCK = new Object();
    private static int users;
    private static @Nullable Thread thread;

    private boolean released;

    private ForgottenStreams() {}

    /** One more client opens streams; closing the result says that it does so no more. */
    public static ForgottenStreams acquire() {
        synchronized (LOCK) {
            users++;
            if (thread == null) {
                thread = Thread.ofPlatform()
                        .daemon()
                        .name("streamx-forgotten-streams")
                        .start(ForgottenStreams::waitForLost);
            }
        }
        return new ForgottenStreams();
    }

    @Override
    public void close() {
        synchronized (LOCK) {
            if (released) {
                return;
            }
            released = true;
            users--;
            if (users == 0 && thread != null) {
                thread.interrupt();
                thread = null;
            }
        }
    }

    /** A handle on a stream whose user may forget it. */
    static final class Watch extends PhantomReference<BlockingClientStream<?, ?>> {
        private final ClientStreamEnd end;
        private final BlockingClientStream.Settings settings;
        private final @Nullable List<StackTraceElement> openedAt;

        private Watch(
                BlockingClientStream<?, ?> stream,
                ClientStreamEnd end,
                BlockingClientStream.Settings settings,
                @Nullable List<StackTraceElement> openedAt) {
            super(stream, LOST);
            this.end = end;
            this.settings = settings;
            this.openedAt = openedAt;
        }

        private void onLost() {
            if (!end.isKnown() && !end.isReplied()) {
                giveUp();
            }
            // Of a stream that has ended, what nobody has read may still count among the unread bytes of its
            // connection.
            end.letGo();
        }

        private void giveUp() {
            CallInfo call = settings.call();
            if (SUSPECTS.size() < MAX_METHODS) {
                SUSPECTS.add(name(call));
            }
            Logs.warn(
                    LOG,
                    "a stream of {} was forgotten: nothing refers to it any more, and it was neither read to its end nor"
                            + " cancelled nor closed (expected: try (var stream = ...)); it is cancelled now, after {} s."
                            + " It was opened {}",
                    name(call),
                    Duration.between(call.startedAt(), Instant.now()).toSeconds(),
                    openedAt == null
                            ? "at a line that was not recorded: those of this method are from now on, and those of all"
                                    + " methods with recordOpeningLines(true) of the client"
                            : "here:" + CallerLines.shown(openedAt));
            CallEvents events = settings.events();
            if (events != null) {
                events.forgotten(openedAt == null ? List.of() : openedAt);
            }
            end.fail(settings.failures().canceled("the stream was forgotten by its caller"));
        }
    }

    /** A handle for a stream that is about to be opened. */
    static Watch watch(BlockingClientStream<?, ?> stream, ClientStreamEnd end, BlockingClientStream.Settings settings) {
        boolean recorded =
                settings.recordsOpeningLine() || (!SUSPECTS.isEmpty() && SUSPECTS.contains(name(settings.call())));
        return new Watch(stream, end, settings, recorded ? CallerLines.ofThisThread(RECORDED_LINES) : null);
    }

    private static String name(CallInfo call) {
        return call.service() + "." + call.method();
    }

    private static void waitForLost() {
        try {
            while (true) {
                if (LOST.remove() instanceof Watch watch) {
                    // Listeners may take their time, and the next stream is not to wait for that.
                    Thread.startVirtualThread(watch::onLost);
                }
            }
        } catch (InterruptedException e) {
            // The last client was closed; another one may have come since, with a thread of its own.
        }
    }
}
