package io.streamx;

import java.util.Map;

/**
 * What the three client shapes share. Receiving and sending may run on two threads at once; {@link #cancel} and
 * {@link #close} may be called from any thread at any time.
 */
public interface ClientStream extends MessageStream, AutoCloseable {
    /**
     * The entries the server sent before its first message; waits until they are known or the stream has ended. Asking
     * again gives them again; they are empty when the server sent none.
     *
     * @throws RpcException when the stream failed before the header came
     */
    Metadata headerMetadata();

    /** The entries as a map with the first value of each name; on TTHeader each name has one. */
    default Map<String, String> header() {
        return headerMetadata().firstValues();
    }

    /**
     * The entries the server sent with the end of the stream; waits for the end. Asking again gives them again; they
     * are empty when there were none. Messages are to be received first: while nobody takes them their sender may be
     * stopped, and the end behind them.
     *
     * @throws RpcException when the stream ended in another way than by the server's trailer
     */
    Metadata trailerMetadata();

    /** The entries as a map with the first value of each name; on TTHeader each name has one. */
    default Map<String, String> trailer() {
        return trailerMetadata().firstValues();
    }

    /**
     * Runs {@code listener} once when the server of this stream says that it is leaving: the stream goes on, and has the
     * server's shutdown window (5 s unless the server says otherwise) to come to its end, so that a chat can say goodbye,
     * end with {@code closeSend} and be opened again; the new stream goes to another instance where there is
     * one. The listener runs at once when the server has said so already, and never when the stream ends first. It runs on a
     * virtual thread of its own, may block, and may use the stream within its rules for threads.
     *
     * <p>On gRPC every server says so, with GOAWAY; also one that ends a connection for its age alone. On TTHeader a server
     * of StreamX for Java does, and one of Kitex does not: there the listener is never run.
     *
     * @return a handle that forgets the listener; a stream that ends forgets its listeners
     */
    default CallContext.Registration onDraining(Runnable listener) {
        return () -> {};
    }

    /**
     * Ends the stream on both sides; a blocked call on it throws at once. Nothing happens when the stream has ended
     * already.
     */
    void cancel(String reason);

    /**
     * Cancels the stream unless it has ended, and drops the messages not yet received. This never throws and never
     * waits.
     */
    @Override
    void close();
}
