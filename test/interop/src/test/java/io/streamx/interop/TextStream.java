package io.streamx.interop;

import io.streamx.BidiStreamingClient;
import io.streamx.ClientStream;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client stream of any shape whose messages are one text each. In a client stream {@link #recv} is closeAndRecv.
 *
 * @param stream the stream itself
 */
record TextStream(
        ClientStream stream, Consumer<String> sender, Runnable sendCloser, Supplier<@Nullable String> receiver)
        implements AutoCloseable {

    static <Q, R> TextStream of(
            BidiStreamingClient<Q, R> stream, Function<String, Q> request, Function<R, String> text) {
        return new TextStream(
                stream,
                message -> stream.send(request.apply(message)),
                stream::closeSend,
                () -> text(stream.recv(), text));
    }

    static <Q, R> TextStream of(
            ClientStreamingClient<Q, R> stream, Function<String, Q> request, Function<R, String> text) {
        return new TextStream(
                stream,
                message -> stream.send(request.apply(message)),
                stream::closeSend,
                () -> text(stream.closeAndRecv(), text));
    }

    static <R> TextStream of(ServerStreamingClient<R> stream, Function<R, String> text) {
        return new TextStream(
                stream,
                message -> {
                    throw new IllegalArgumentException("send '" + message + "' (expected: a stream that sends)");
                },
                () -> {},
                () -> text(stream.recv(), text));
    }

    private static <R> @Nullable String text(@Nullable R message, Function<R, String> text) {
        return message == null ? null : text.apply(message);
    }

    void send(String message) {
        sender.accept(message);
    }

    void closeSend() {
        sendCloser.run();
    }

    @Nullable
    String recv() {
        return receiver.get();
    }

    Map<String, String> header() {
        return stream.header();
    }

    Map<String, String> trailer() {
        return stream.trailer();
    }

    void cancel(String reason) {
        stream.cancel(reason);
    }

    @Override
    public void close() {
        stream.close();
    }
}
