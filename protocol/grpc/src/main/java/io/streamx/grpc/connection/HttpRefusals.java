package io.streamx.grpc.connection;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that are HTTP and not gRPC, with a status and a line of text that says what was expected. The answer
 * comes when the request is whole, so that a request that breaks HTTP/2 is told of that first; or after a moment.
 */
final class HttpRefusals {
    private static final long WAIT_MILLIS = 100;

    private final GrpcServerConnection connection;
    private final Http2Connection.PropertyKey waiting;

    /** What a request is answered with once it has ended. */
    private record Refusal(CharSequence status, String text) {}

    HttpRefusals(GrpcServerConnection connection) {
        this.connection = connection;
        waiting = connection.connection().newKey();
    }

    /** Answers a request. {@code end} says whether the request ended with its head. */
    void refuse(Http2Stream stream, boolean end, CharSequence status, String text) {
        Refusal refusal = new Refusal(status, text);
        if (end) {
            answer(stream, refusal);
            return;
        }
        stream.setProperty(waiting, refusal);
        connection
                .context()
                .executor()
                .schedule(
                        () -> {
                            onEnd(stream);
                            connection.flush(connection.context());
                        },
                        WAIT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** The request has ended, or was waited for long enough. */
    void onEnd(Http2Stream stream) {
        @Nullable Refusal refusal = stream.removeProperty(waiting);
        if (refusal != null) {
            answer(stream, refusal);
        }
    }

    private void answer(Http2Stream stream, Refusal refusal) {
        if (stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        Http2Headers head = new DefaultHttp2Headers()
                .status(refusal.status)
                .add(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        connection.encoder().writeHeaders(connection.context(), stream.id(), head, 0, false, connection.newPromise());
        connection
                .encoder()
                .writeData(
                        connection.context(),
                        stream.id(),
                        Unpooled.copiedBuffer(refusal.text, StandardCharsets.UTF_8),
                        0,
                        true,
                        connection.newPromise().addListener(done -> connection.ended(stream, done.isSuccess())));
    }
}
