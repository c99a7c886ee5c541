package io.streamx.testing;

import io.streamx.recording.ConnectionFrames;
import io.streamx.recording.FrameTexts;
import io.streamx.recording.GeneratedTexts;
import io.streamx.recording.PlayedClient;
import io.streamx.recording.PlayedServer;
import io.streamx.recording.RecordedFrame;
import io.streamx.recording.Recording;
import io.streamx.service.ServiceDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a client and a server once said to each other, to be played again by either end. Recorded once, with a
 * {@link ConversationRecorder} or {@code streamx record}, it takes the place of a server that the machine of the test does not have:
 *
 * <pre>{@code
 * Conversation chat = Conversation.read(Path.of("src/test/resources/chat.ndjson")).describedBy(ChatMethods.DESCRIPTOR);
 *
 * try (ConversationServer server = chat.playServer()) {          // a client under test
 *     ... it calls server.address() ...
 *     server.differences().verify();
 * }
 *
 * chat.playClient("127.0.0.1", port).verify();                   // a server under test
 * }</pre>
 *
 * <p>Plays TTHeader Streaming, unary calls on every carrier, and gRPC (which needs {@code streamx-grpc} for the client or server
 * under test alone). Frames are compared by what they say; see {@link ConversationDifferences}. Immutable.
 */
public final class Conversation {
    /**
     * What differs from run to run, or with a version of StreamX: the port, the time that is left, the name of the caller's
     * library, the log id, and what is granted to senders.
     */
    private static final Set<String> IGNORED =
            Set.of(":authority", "grpc-timeout", "user-agent", "LogID", "sx-credit", "sx-want");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path file;
    private final List<Recording.Event> events;
    private final FrameTexts texts;
    private final Set<String> ignored;
    private final Duration patience;
    private final boolean keepsPace;

    private Conversation(
            Path file,
            List<Recording.Event> events,
            FrameTexts texts,
            Set<String> ignored,
            Duration patience,
            boolean keepsPace) {
        this.file = file;
        this.events = events;
        this.texts = texts;
        this.ignored = ignored;
        this.patience = patience;
        this.keepsPace = keepsPace;
    }

    /**
     * Reads a recording.
     *
     * @throws IllegalArgumentException when the file is none; the message names its line
     */
    public static Conversation read(Path file) {
        return new Conversation(file, Recording.read(file), FrameTexts.BYTES, IGNORED, PATIENCE, false);
    }

    /**
     * This conversation with the messages of these services in words, as {@code toString} of their classes says them; else their
     * bytes are shown and compared. The descriptors stand in generated classes: {@code ChatMethods.DESCRIPTOR}.
     */
    public Conversation describedBy(ServiceDescriptor... services) {
        FrameTexts words = new GeneratedTexts(List.of(services));
        return new Conversation(file, events, words, ignored, patience, keepsPace);
    }

    /**
     * This conversation without these entries of headers, such as {@code traceparent}, beside those that are ignored anyway:
     * {@code :authority}, {@code grpc-timeout}, {@code user-agent}, {@code LogID}, and what is granted to senders.
     */
    public Conversation ignoring(String... entries) {
        Set<String> more = new TreeSet<>(ignored);
        more.addAll(List.of(entries));
        return new Conversation(file, events, texts, more, patience, keepsPace);
    }

    /** This conversation with so much patience for what has been recorded and does not come; 5 s where it is not set. */
    public Conversation within(Duration time) {
        return new Conversation(file, events, texts, ignored, time, keepsPace);
    }

    /** This conversation with the pauses that were made when it was recorded. Else all is sent as soon as its turn has come. */
    public Conversation atItsPace() {
        return new Conversation(file, events, texts, ignored, patience, true);
    }

    /** Plays the server, on a free port of the loopback address, until it is closed. */
    public ConversationServer playServer() {
        try {
            return new ConversationServer(PlayedServer.start(events, texts, ignored, keepsPace), ignored, patience);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Plays the client to a server, and gives what the server says otherwise. Returns when all has been played.
     *
     * @throws AssertionError when there is no connection to the server
     */
    public ConversationDifferences playClient(String host, int port) {
        InetSocketAddress server = new InetSocketAddress(host, port);
        try {
            return new ConversationDifferences(
                    PlayedClient.play(events, server, () -> texts, patience, keepsPace), ignored);
        } catch (IOException e) {
            throw new AssertionError("no connection to " + host + ":" + port, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + file + " was played", e);
        }
    }

    /** The conversation frame by frame, {@code ->} from the client and {@code <-} from the server, a line for each. */
    public String text() {
        List<RecordedFrame> frames = new ArrayList<>();
        events.forEach(ConnectionFrames.reader(texts, frames::add));
        return frames.stream().map(RecordedFrame::toString).collect(Collectors.joining("\n"));
    }

    /** The file. */
    @Override
    public String toString() {
        return file.toString();
    }
}
