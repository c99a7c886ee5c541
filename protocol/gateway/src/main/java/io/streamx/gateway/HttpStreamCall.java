package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerStreamEvents;
import io.streamx.wire.ServerWire;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stream in the body of a response. Methods are for the event loop unless they say otherwise. */
final class HttpStreamCall extends HttpCall implements ServerWire {
    private static final int OK = 200;

    private final StreamFormat format;
    private final RequestMessages requests;
    private final Function<Throwable, CallError> errorOfRuntime;
    private final Function<Throwable, CallError> errorOfHandler;
    private final Duration heartbeat;
    private @Nullable ServerStreamEvents exchange;
    private @Nullable Future<?> heartbeats;
    private long lastWriteNanos = System.nanoTime();
    private boolean hasRequest;
    private boolean begun;
    private boolean ended;

    HttpStreamCall(
            HttpResponder responder,
            ServerCallContext context,
            StreamFormat format,
            RequestMessages requests,
            @Nullable JsonMethod<?, ?> json,
            Duration heartbeat) {
        super(responder, context);
        this.format = format;
        this.requests = requests;
        this.heartbeat = heartbeat;
        errorOfRuntime = failure -> CallError.of(failure, false, context, json);
        errorOfHandler = failure -> CallError.of(failure, true, context, json);
    }

    /** The head of the response has been sent before the stream begins. */
    void headSent() {
        begun = true;
    }

    /** The stream has begun; {@code carried} is what is told of it. */
    void carry(ServerStreamEvents carried) {
        exchange = carried;
        scheduleHeartbeat(heartbeat.toNanos());
    }

    private ServerStreamEvents exchange() {
        ServerStreamEvents carried = exchange;
        if (carried == null) {
            throw new IllegalStateException("the stream has not started");
        }
        return carried;
    }

    // ---- what came ----

    @Override
    boolean isStreaming() {
        return requests.isStream();
    }

    @Override
    RequestMessages.Progress progress() {
        return requests.progress();
    }

    @Override
    void onContent(ByteBuf piece) throws HttpRefusal {
        if (!ended && !hasRequest) {
            requests.add(piece, exchange());
        }
    }

    @Override
    void onRequestEnd() throws HttpRefusal {
        if (!ended && !hasRequest) {
            requests.end(exchange());
        }
    }

    @Override
    int heldBytes() {
        return ended ? 0 : requests.heldBytes();
    }

    @Override
    int missingBytes() {
        return ended ? 0 : requests.missingBytes();
    }

    @Override
    long handedOnBytes() {
        return requests.handedOnBytes();
    }

    @Override
    ReadProgress reading() {
        return exchange();
    }

    @Override
    void written(int cost) {
        exchange().written(cost);
    }

    /** Hands on a request that came by another way than the body. Takes ownership. */
    void request(InboundMessage message) {
        hasRequest = true;
        exchange().onMessage(message);
        exchange().onEnd(null);
    }

    @Override
    void onLeft(RpcException reason) {
        if (!ended) {
            over();
            exchange().onReset(reason);
        }
    }

    @Override
    void onTimeout(RpcException reason) {
        if (!ended) {
            writeEnd(Metadata.EMPTY, errorOfRuntime.apply(reason));
            exchange().onReset(reason);
            responder().flush();
        }
    }

    // ---- the handler's and other threads ----

    @Override
    public @Nullable ReadCredit readCredit() {
        return responder().credit();
    }

    @Override
    public Failures failures() {
        return GrpcFailures.SERVER;
    }

    @Override
    public void begin(OutboundMessage empty) {
        format.begin(empty);
    }

    @Override
    public void complete(OutboundMessage message) {
        format.complete(message);
    }

    @Override
    public void compressMessages(boolean compress) {
        format.compressMessages(compress);
    }

    @Override
    public InboundMessage decompress(InboundMessage compressed) {
        return format.decompress(compressed);
    }

    @Override
    public void checkEntries(Metadata entries) {
        HttpEntries.check(entries);
    }

    // ---- writing ----

    private void beginResponse(Metadata entries) {
        begun = true;
        HttpHeaders headers = format.headers();
        HttpEntries.addTo(headers, "", entries);
        responder().begin(OK, headers);
    }

    @Override
    public void writeHeader(Metadata entries) {
        if (ended) {
            return;
        }
        if (!begun) {
            beginResponse(entries);
        } else if (!entries.isEmpty()) {
            ByteBuf late = format.lateHeader(entries);
            responder().content(late == null ? Unpooled.EMPTY_BUFFER : late);
        }
    }

    @Override
    public void writeMessage(OutboundMessage messages) {
        int cost = messages.cost();
        if (ended) {
            messages.release();
        } else {
            lastWriteNanos = System.nanoTime();
            if (!responder().messages(format.body(messages), cost)) {
                return;
            }
        }
        exchange().written(cost);
    }

    @Override
    public void writeTrailer(Metadata entries, @Nullable Throwable failure, boolean fromHandler) {
        if (!ended) {
            writeEnd(entries, failure == null ? null : (fromHandler ? errorOfHandler : errorOfRuntime).apply(failure));
        }
    }

    private void writeEnd(Metadata trailer, @Nullable CallError error) {
        ByteBuf end = format.end(trailer, error);
        if (!begun) {
            beginResponse(Metadata.EMPTY);
        }
        over();
        responder().content(end);
        responder().end();
    }

    @Override
    public void reset(RpcException failure) {
        if (!ended) {
            over();
            responder().abort(String.valueOf(failure.getMessage()));
        }
    }

    @Override
    public void forget() {
        over();
    }

    /**
     * Ends the call: nothing more of it is read or written. What it holds is given up here, because the connection refers to
     * the call until its response has left, which may take long.
     */
    private void over() {
        ended = true;
        requests.drop();
        stopDeadline();
        if (heartbeats != null) {
            heartbeats.cancel(false);
        }
    }

    // ---- heartbeats ----

    private void scheduleHeartbeat(long nanos) {
        heartbeats = context().loop().schedule(this::beat, nanos, TimeUnit.NANOSECONDS);
    }

    private void beat() {
        if (ended) {
            return;
        }
        long left = lastWriteNanos + heartbeat.toNanos() - System.nanoTime();
        if (left > 0) {
            scheduleHeartbeat(left);
            return;
        }
        ByteBuf sign = format.heartbeat();
        if (sign == null) {
            return;
        }
        if (!responder().isWritable()) {
            // The client has not read what was sent before. Those bytes tell it that the stream is alive.
            sign.release();
        } else {
            if (!begun) {
                // The response has to begin before its first byte. A header that the handler sets later is sent
                // within the stream.
                beginResponse(Metadata.EMPTY);
            }
            responder().content(sign);
            responder().flush();
        }
        lastWriteNanos = System.nanoTime();
        scheduleHeartbeat(heartbeat.toNanos());
    }
}
