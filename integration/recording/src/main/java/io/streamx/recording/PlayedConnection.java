package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a client to which the server of a recording is played. What the client sends is cut into frames as that of a
 * recording is. What it is sent are the recorded frames with the client's own stream and sequence ids; for gRPC Netty's codec adds
 * what is of the connection: settings, pings and flow control. On the event loop.
 */
final class PlayedConnection extends ChannelInboundHandlerAdapter {
    private static final byte[] HTTP2 = "PRI ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_HEADER_LIST_BYTES = 1 << 20;

    private final PlayedCalls calls;
    private final boolean keepsPace;
    private final ConnectionFrames frames;
    private final Map<String, PlayedCalls.Playing> running = new HashMap<>();
    private final Map<Integer, Http2FrameStream> streams = new HashMap<>();
    private final long began = System.nanoTime();
    /** What has come while it was too little to tell the protocol. */
    private byte[] first = new byte[0];

    private boolean isKnown;
    private boolean isHttp2;
    private @Nullable ChannelHandlerContext context;

    PlayedConnection(PlayedCalls calls, FrameTexts texts, boolean keepsPace) {
        this.calls = calls;
        this.keepsPace = keepsPace;
        frames = new ConnectionFrames(1, texts, this::onFrame);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        calls.opened(ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        byte[] bytes = ByteBufUtil.getBytes((ByteBuf) message);
        ReferenceCountUtil.release(message);
        if (!isKnown) {
            bytes = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(first, bytes));
            if (bytes.length < HTTP2.length) {
                first = bytes;
                return;
            }
            isKnown = true;
            isHttp2 = Arrays.equals(bytes, 0, HTTP2.length, HTTP2, 0, HTTP2.length);
            if (isHttp2) {
                ctx.pipeline()
                        .addLast(
                                Http2FrameCodecBuilder.forServer()
                                        .initialSettings(Http2Settings.defaultSettings()
                                                .maxHeaderListSize(MAX_HEADER_LIST_BYTES))
                                        .validateHeaders(false)
                                        .build(),
                                new Streams());
            }
        }
        if (isHttp2) {
            // The codec learns of a stream before an answer is written to it.
            ctx.fireChannelRead(Unpooled.wrappedBuffer(bytes));
        }
        frames.event(new Recording.Event(System.nanoTime() - began, 1, Recording.Kind.CLIENT, bytes, ""));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        ctx.channel().flush();
    }

    /** Lets go what is held of a frame that did not come whole. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        frames.event(new Recording.Event(System.nanoTime() - began, 1, Recording.Kind.CLOSE, new byte[0], ""));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void onFrame(RecordedFrame frame) {
        for (RecordedFrame part : RecordedExchange.parts(frame)) {
            if (RecordedExchange.begins(part)) {
                running.put(part.call(), calls.begin(part.method()));
            }
            PlayedCalls.Playing call = running.get(part.call());
            if (call != null) {
                boolean wasUnknown = call.isUnknown();
                call.received(part);
                if (call.isUnknown()) {
                    if (!wasUnknown) {
                        refuse(part);
                    }
                } else {
                    answer(call, part.call());
                }
            }
        }
    }

    private static int id(String call) {
        return Integer.parseInt(call.substring(call.lastIndexOf(' ') + 1));
    }

    /** Sends the answers whose turn has come. */
    private void answer(PlayedCalls.Playing call, String name) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || call.waits()) {
            return;
        }
        for (RecordedFrame answer = call.answer(); answer != null; answer = call.answer()) {
            if (keepsPace && call.pause() > 0) {
                call.setWaits(true);
                RecordedFrame due = answer;
                ctx.executor()
                        .schedule(
                                () -> {
                                    call.setWaits(false);
                                    call.answered();
                                    send(ctx, due, name);
                                    answer(call, name);
                                    ctx.channel().flush();
                                },
                                call.pause(),
                                TimeUnit.NANOSECONDS);
                return;
            }
            call.answered();
            send(ctx, answer, name);
        }
        if (call.endsConnection()) {
            ctx.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> ctx.close());
        }
    }

    private void send(ChannelHandlerContext ctx, RecordedFrame answer, String name) {
        FrameBytes content = answer.content();
        if (!isHttp2) {
            ctx.write(Unpooled.wrappedBuffer(content.withId(id(name))));
            return;
        }
        Http2FrameStream stream = streams.get(id(name));
        if (stream == null) {
            return;
        }
        switch (answer.kind()) {
            case "Headers", "Trailers" -> {
                Http2Headers headers = new DefaultHttp2Headers(false);
                content.fields().forEach(field -> headers.add(field.getKey(), field.getValue()));
                ctx.channel().write(new DefaultHttp2HeadersFrame(headers, content.isEnd()).stream(stream));
            }
            case "Message" ->
                ctx.channel()
                        .write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(content.bytes()), content.isEnd())
                                .stream(stream));
            case "RST_STREAM" ->
                ctx.channel()
                        .write(new DefaultHttp2ResetFrame(
                                        Long.parseLong(answer.entries().getOrDefault("code", "0")))
                                .stream(stream));
            default -> {
                // Nothing else of a server belongs to a call.
            }
        }
    }

    private void refuse(RecordedFrame request) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        String why = "the recording has no further call of " + request.method();
        if (isHttp2) {
            Http2FrameStream stream = streams.get(id(request.call()));
            if (stream != null) {
                Http2Headers headers = new DefaultHttp2Headers(false)
                        .status("200")
                        .set("content-type", "application/grpc")
                        .set("grpc-status", "12")
                        .set("grpc-message", why);
                ctx.channel().write(new DefaultHttp2HeadersFrame(headers, true).stream(stream));
            }
            return;
        }
        byte[] refusal = ThriftRefusal.of(request.content().bytes(), why);
        if (refusal == null) {
            ctx.close();
        } else {
            ctx.write(Unpooled.wrappedBuffer(refusal));
        }
    }

    /** Keeps the streams that the codec knows, and gives back the windows of what was read. */
    private final class Streams extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof Http2HeadersFrame headers && headers.stream() != null) {
                    streams.put(headers.stream().id(), headers.stream());
                } else if (message instanceof Http2DataFrame data && data.stream() != null) {
                    ctx.write(
                            new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(data.stream()));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A mistake of one stream has been answered by the codec; a lost connection is seen as its end.
            if (cause instanceof IOException) {
                ctx.close();
            }
        }
    }
}
