package io.streamx.testing;

import io.streamx.recording.Recording;
import io.streamx.recording.RecordingProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A port that passes connections on to a server and writes down what passes, for a {@link Conversation}:
 *
 * <pre>{@code
 * try (ConversationRecorder recorder = ConversationRecorder.to("10.0.0.7", 8888, Path.of("src/test/resources/chat.ndjson"))) {
 *     ... a client calls recorder.address(), and is closed ...
 * }
 * }</pre>
 *
 * <p>The file is the one of {@code streamx record}, which does this from the command line. It has all that passed, credentials
 * too. What is encrypted stays so: record without TLS. Safe from any thread.
 */
public final class ConversationRecorder implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RecordingProxy proxy;
    private final Recording.Output output;
    private final Thread thread;
    private volatile @Nullable IOException failure;

    private ConversationRecorder(RecordingProxy proxy, Recording.Output output) {
        this.proxy = proxy;
        this.output = output;
        thread = Thread.ofVirtual().name("streamx-conversation-recorder").unstarted(this::run);
    }

    /**
     * Listens on a free port of the loopback address.
     *
     * @param host of the server
     * @param port of the server
     * @param file is written anew; folders above it that are missing are made
     */
    public static ConversationRecorder to(String host, int port, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            RecordingProxy proxy = new RecordingProxy(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new InetSocketAddress(host, port));
            try {
                ConversationRecorder recorder =
                        new ConversationRecorder(proxy, new Recording.Output(file, host + ":" + port));
                recorder.thread.start();
                return recorder;
            } catch (IOException e) {
                proxy.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    private void run() {
        try {
            proxy.run(output, 0);
        } catch (IOException e) {
            failure = e;
        }
    }

    /** The port to connect to. */
    public int port() {
        return proxy.port();
    }

    /** What clients are to be given, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /**
     * Closes the port, and the connections that have not ended within 5 s: close clients first. Then the file is whole.
     *
     * @throws UncheckedIOException when something could not be written; the file is of no use then
     */
    @Override
    public void close() {
        try (output) {
            proxy.close(PATIENCE);
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        IOException failed = failure;
        if (failed != null) {
            throw new UncheckedIOException("the recording is not whole", failed);
        }
    }
}
