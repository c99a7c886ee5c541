package io.streamx.testing;

import io.streamx.recording.PlayedServer;
import java.time.Duration;
import java.util.Set;

/**
 * The server of a recorded {@link Conversation}, played to clients under test. A call is answered as the next one of its method in
 * the recording was, whatever it says; each answer is sent when as many frames of the client have come as came before it. Of
 * calls of one method that are made side by side, each is the one that begins alike. A call that the recording does not have is refused, with a text that says so. Safe from any thread.
 */
public final class ConversationServer implements AutoCloseable {
    private final PlayedServer server;
    private final Set<String> ignored;
    private final Duration patience;

    ConversationServer(PlayedServer server, Set<String> ignored, Duration patience) {
        this.server = server;
        this.ignored = ignored;
        this.patience = patience;
    }

    /** The port to connect to. */
    public int port() {
        return server.port();
    }

    /** What clients are to be given, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /**
     * What clients say otherwise than in the recording. Waits for what is missing, as long as the conversation's patience is:
     * what a client sends last may still be on its way when its call has ended.
     */
    public ConversationDifferences differences() {
        try {
            boolean unused = server.await(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new ConversationDifferences(server.calls(), ignored);
    }

    /** Closes the port and all connections. */
    @Override
    public void close() {
        server.close();
    }
}
