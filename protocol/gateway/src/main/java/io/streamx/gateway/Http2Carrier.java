package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.grpc.http.HttpRequest;
import io.streamx.grpc.http.HttpStream;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.StreamHost;
import io.streamx.wire.TimeSource;
import org.jspecify.annotations.Nullable;

/** What carries a call on a stream of HTTP/2, whatever the bytes of the stream are. On the event loop. */
abstract class Http2Carrier implements HttpRequest, HttpResponder {
    final HttpStream stream;
    final ServerRuntime runtime;
    final HttpExchange exchange;
    /** The call that is carried. It is kept when it has ended, since it is still told which of its bytes have left. */
    @Nullable
    HttpCall call;
    /** Whether nothing is to be written any more. */
    boolean over;
    /** Limits the time of a message that has begun; null until the first wait for the rest of one. */
    private @Nullable ReadTimeout timeout;

    Http2Carrier(HttpStream stream, ServerRuntime runtime, HttpExchange exchange) {
        this.stream = stream;
        this.runtime = runtime;
        this.exchange = exchange;
    }

    /** A message that has begun is not whole in time. */
    abstract void onLate();

    final ReadTimeout timeout() {
        ReadTimeout made = timeout;
        if (made == null) {
            made = new ReadTimeout(
                    host().channel().eventLoop(),
                    runtime.readTimeout(),
                    TimeSource.of(host().channel()),
                    stream::wasHeldBack,
                    this::onLate);
            timeout = made;
        }
        return made;
    }

    /** Takes {@code count} bytes of messages into account, of which the last is as far as {@code progress} says. */
    final void time(int count, RequestMessages.Progress progress, boolean isExpected) {
        if (timeout != null || progress != RequestMessages.Progress.WHOLE) {
            progress.time(timeout(), count, isExpected);
        }
    }

    final void stopTimeout() {
        if (timeout != null) {
            timeout.stop();
        }
    }

    @Override
    public final void written(int cost) {
        if (call != null) {
            call.written(cost);
        }
    }

    @Override
    public final long handedOnBytes() {
        return call == null ? 0 : call.handedOnBytes();
    }

    @Override
    public final StreamHost host() {
        return stream.host();
    }

    @Override
    public final ReadCredit credit() {
        return stream.credit();
    }

    @Override
    public final void content(ByteBuf piece) {
        if (over || !piece.isReadable()) {
            piece.release();
        } else {
            stream.data(piece, 0);
        }
    }

    @Override
    public final boolean messages(ByteBuf pieces, int cost) {
        if (over) {
            pieces.release();
            return true;
        }
        stream.data(pieces, cost);
        return false;
    }

    @Override
    public final void flush() {
        stream.flush();
    }

    @Override
    public final boolean isWritable() {
        return stream.isWritable();
    }
}
