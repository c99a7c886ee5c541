package io.streamx.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Plays the client's side of one recorded connection against another server. Bytes that the client sent after an answer are
 * sent after that answer has come again.
 */
final class ReplayedConnection {
    private static final int MOST_LATE = 2;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int CHUNK_BYTES = 16 << 10;

    private final List<Recording.Event> events;
    private final FrameTexts texts;
    private final Duration patience;
    private final boolean keepsPace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by the lock. */
    private final Map<String, List<RecordedFrame>> answers = new LinkedHashMap<>();
    /** Guarded by the lock: the decoder of both directions. */
    private final ConnectionFrames frames;

    private final int number;
    private final long began = System.nanoTime();
    private boolean ended;
    /** Guarded by the lock: the answers have been given, and nothing is decoded any more. */
    private boolean closed;
    /** Guarded by the lock: the calls of which an answer has not come in time, for which nothing is waited any more. */
    private final Set<String> givenUp = new HashSet<>();
    /** How often answers have not come in time. After the second time the rest is sent at once: waiting could take for ever. */
    private int timesLate;

    /**
     * Prepares to play.
     *
     * @param events of one connection, in order
     * @param patience how long an answer is waited for
     * @param keepsPace whether the client's pauses are made again
     */
    ReplayedConnection(List<Recording.Event> events, FrameTexts texts, Duration patience, boolean keepsPace) {
        this.events = events;
        this.texts = texts;
        this.patience = patience;
        this.keepsPace = keepsPace;
        number = events.get(0).connection();
        frames = new ConnectionFrames(number, texts, frame -> add(frame, answers));
    }

    private static void add(RecordedFrame frame, Map<String, List<RecordedFrame>> to) {
        if (!frame.fromClient() && frame.isAnswer()) {
            to.computeIfAbsent(frame.call(), call -> new ArrayList<>()).add(frame);
        }
    }

    /** The answers of the recording, by call. */
    Map<String, List<RecordedFrame>> recorded() {
        Map<String, List<RecordedFrame>> recorded = new LinkedHashMap<>();
        ConnectionFrames.read(events, texts, frame -> add(frame, recorded));
        return recorded;
    }

    /**
     * Plays it and gives the answers, by call.
     *
     * @throws IOException when there is no connection; one that is lost later gives the answers so far
     */
    Map<String, List<RecordedFrame>> play(InetSocketAddress server) throws IOException, InterruptedException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(server, CONNECT_MILLIS);
            // The reader decodes with the texts as well, which are for one thread.
            Map<String, List<RecordedFrame>> expected = recorded();
            Thread reader = Thread.startVirtualThread(() -> read(socket));
            try {
                send(socket);
            } catch (IOException lost) {
                // The connection was lost. The answers that came before show how far the replay got.
            }
            await(expected);
            socket.shutdownOutput();
            // What a server sends beyond the recording is an answer too.
            boolean unused = reader.join(patience);
        }
        lock.lock();
        try {
            closed = true;
            close(frames);
            return Map.copyOf(answers);
        } finally {
            lock.unlock();
        }
    }

    private void send(Socket socket) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        Map<String, List<RecordedFrame>> before = new HashMap<>();
        ConnectionFrames recorded = new ConnectionFrames(number, texts, frame -> add(frame, before));
        try {
            send(out, recorded, before);
        } finally {
            lock.lock();
            try {
                close(recorded);
            } finally {
                lock.unlock();
            }
        }
    }

    private void send(OutputStream out, ConnectionFrames recorded, Map<String, List<RecordedFrame>> before)
            throws IOException, InterruptedException {
        long recordingBegan = events.get(0).nanos();
        for (Recording.Event event : events) {
            if (event.kind() == Recording.Kind.CLIENT) {
                if (timesLate < MOST_LATE) {
                    await(before);
                }
                if (keepsPace) {
                    TimeUnit.NANOSECONDS.sleep(event.nanos() - recordingBegan - (System.nanoTime() - began));
                }
                feed(Recording.Kind.CLIENT, event.bytes());
                out.write(event.bytes());
            }
            lock.lock();
            try {
                recorded.event(event);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits until as many answers have come to each call as the recording had, and gives up the calls that are late. */
    private void await(Map<String, List<RecordedFrame>> expected) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (!ended && !late(expected).isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            Set<String> late = late(expected);
            if (!late.isEmpty()) {
                timesLate++;
                givenUp.addAll(late);
            }
        } finally {
            lock.unlock();
        }
    }

    private Set<String> late(Map<String, List<RecordedFrame>> expected) {
        Set<String> late = new HashSet<>();
        expected.forEach((call, frames) -> {
            if (!givenUp.contains(call) && answers.getOrDefault(call, List.of()).size() < frames.size()) {
                late.add(call);
            }
        });
        return late;
    }

    private void read(Socket socket) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = socket.getInputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                feed(Recording.Kind.SERVER, java.util.Arrays.copyOf(chunk, length));
            }
        } catch (IOException lost) {
            // The connection was lost. The answers that came before show how far the replay got.
        } finally {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Lets go what is held of frames that did not come whole. */
    private void close(ConnectionFrames ended) {
        ended.event(new Recording.Event(System.nanoTime() - began, number, Recording.Kind.CLOSE, new byte[0], ""));
    }

    private void feed(Recording.Kind kind, byte[] bytes) {
        lock.lock();
        try {
            if (!closed) {
                frames.event(new Recording.Event(System.nanoTime() - began, number, kind, bytes, ""));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
