package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.http.HttpStream;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ServerRuntime;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on a stream of HTTP/2, beside other requests on its connection: the frames of RFC 6455 are the bytes of the request
 * and of its response. The end of either is what closing a socket is. On the event loop. Source: RFC 8441.
 */
final class Http2WebSocket extends Http2Carrier {
    private static final String PROTOCOL = "websocket";

    private final WebSocketFrames frames;
    private final TimedFrameDecoder decoder;
    /** Reads and writes frames as the pipeline of a socket does; null while the WebSocket has not begun, and when it is over. */
    private @Nullable EmbeddedChannel codec;
    /** Ends the stream of a client that does not close in time; null while the WebSocket has not ended. */
    private @Nullable Future<?> closing;
    /** Whether the codec is being given bytes, within which it must not be taken apart. */
    private boolean reading;

    Http2WebSocket(HttpStream stream, ServerRuntime runtime, HttpExchange exchange, int maxMessageBytes) {
        super(stream, runtime, exchange);
        frames = new WebSocketFrames(stream.host().channel(), stream::isWritable, runtime, maxMessageBytes);
        decoder = frames.decoder(this::onFrameBytes);
    }

    /** Whether the head of a request names a protocol that its stream is to speak. */
    static boolean isAskedFor(Http2Headers head) {
        return head.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
    }

    /** Takes the head of the request; {@code isWhole} says that it has no body, in which no frame can come. */
    void open(Http2Headers headers, int maxHeaderBytes, boolean isWhole) {
        try {
            HttpHead head = Http2Head.of(headers, maxHeaderBytes);
            HttpReply answer = exchange.admit(head, host().channel());
            if (answer != null) {
                over = true;
                new Http2Request(stream, runtime, exchange).reply(answer);
                return;
            }
            check(headers, head, isWhole);
            HttpCall opened = exchange.openWebSocket(this);
            call = opened;
            frames.carry(opened);
            codec = codec();
            HttpHeaders response = exchange.forBrowsers(
                    DefaultHttpHeadersFactory.headersFactory().newHeaders());
            stream.head(Http2Head.written(HttpResponseStatus.OK.code(), response));
            flush();
        } catch (HttpRefusal refusal) {
            over = true;
            new Http2Request(stream, runtime, exchange).refuse(refusal);
        }
    }

    private static void check(Http2Headers headers, HttpHead head, boolean isWhole) throws HttpRefusal {
        List<CharSequence> protocols = headers.getAll(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        if (!head.method().equals(HttpMethod.CONNECT)) {
            throw HttpRefusal.badRequest(":protocol beside the method " + head.method() + " (expected: CONNECT)");
        }
        if (protocols.size() > 1 || !PROTOCOL.contentEquals(protocols.getFirst())) {
            throw HttpRefusal.unimplemented(
                    ":protocol " + HttpHead.shown(String.join(", ", protocols)) + " (expected: " + PROTOCOL + ")");
        }
        if (!WebSocketConnection.VERSION.equals(head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw HttpRefusal.badRequest(WebSocketConnection.unknownVersion(head));
        }
        if (isWhole || head.contentLength() > 0) {
            throw HttpRefusal.badRequest("a WebSocket whose bytes have ended or have a length (expected: neither)");
        }
    }

    private EmbeddedChannel codec() {
        EmbeddedChannel made = new EmbeddedChannel(frames.handlers(decoder).toArray(ChannelHandler[]::new));
        made.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                host().logFailure(cause);
                String why = String.valueOf(cause.getMessage());
                // The handler does not learn of the end from the stream, which this side resets.
                frames.left(StatusException.outcome(StatusCode.INTERNAL, why, List.of(), cause));
                abort(why);
            }
        });
        return made;
    }

    // ---- what comes ----

    @Override
    public void onData(ByteBuf piece) {
        EmbeddedChannel reader = codec;
        if (reader == null || over) {
            return;
        }
        reading = true;
        try {
            // What is not whole is kept, and must not keep the memory of the network, of which it may be a small part.
            reader.writeInbound(Unpooled.copiedBuffer(piece));
        } finally {
            reading = false;
        }
        afterFrames(reader);
    }

    /** Writes what the frames that came have been answered with, and ends the stream where they have ended the WebSocket. */
    private void afterFrames(EmbeddedChannel reader) {
        boolean wrote = false;
        for (ByteBuf answer = reader.readOutbound(); answer != null; answer = reader.readOutbound()) {
            wrote |= answer.isReadable();
            content(answer);
        }
        if (over) {
            drop();
        } else if (!reader.isOpen()) {
            finish();
            flush();
        } else if (wrote) {
            flush();
        }
    }

    private void onFrameBytes(int count, RequestMessages.Progress progress) {
        time(count, progress, !over && frames.isOpen());
    }

    @Override
    void onLate() {
        EmbeddedChannel reader = codec;
        if (!over && reader != null) {
            frames.onLateText(LateRequests.message(runtime));
            afterFrames(reader);
        }
    }

    @Override
    public void onEnd() {
        if (!over) {
            frames.left(StatusException.outcome(StatusCode.CANCELLED, WebSocketFrames.CLIENT_CLOSED, List.of(), null));
            finish();
            flush();
        }
    }

    @Override
    public void onLeft(RpcException reason) {
        over = true;
        frames.left(reason);
        drop();
    }

    @Override
    public void onStalled(RpcException reason) {
        HttpCall running = call;
        if (running != null && frames.isOpen()) {
            running.onTimeout(reason);
        }
    }

    @Override
    public @Nullable ReadProgress reading() {
        return call == null || !frames.isOpen() ? null : call.reading();
    }

    @Override
    public int heldBytes() {
        return over ? 0 : decoder.heldBytes();
    }

    @Override
    public int missingBytes() {
        return over || decoder.isWhole() ? 0 : Math.max(1, frames.maxTextBytes() - decoder.heldBytes());
    }

    // ---- what goes ----

    @Override
    public boolean reply(HttpReply reply, int cost) {
        throw new IllegalStateException("a WebSocket carries a stream");
    }

    /** Does nothing, because the head of the response is what the WebSocket began with. */
    @Override
    public void begin(int status, HttpHeaders headers) {}

    /** The client has been told to close, and ends the stream when it has; or it is ended for it. */
    @Override
    public void end() {
        frames.ended();
        closing = host().channel()
                .eventLoop()
                .schedule(
                        () -> {
                            finish();
                            flush();
                        },
                        WebSocketConnection.CLOSE_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void finish() {
        if (!over) {
            over = true;
            drop();
            stream.end();
        }
    }

    /** Lets go what was kept of frames that are not whole. */
    private void drop() {
        stopTimeout();
        Future<?> waiting = closing;
        if (waiting != null) {
            waiting.cancel(false);
        }
        EmbeddedChannel reader = codec;
        if (reader != null && !reading) {
            codec = null;
            reader.finishAndReleaseAll();
        }
    }

    @Override
    public void abort(String why) {
        if (!over) {
            over = true;
            drop();
            stream.reset();
        }
    }
}
