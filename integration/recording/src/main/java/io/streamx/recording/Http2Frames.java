package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts HTTP/2 into its frames, and what gRPC sends in DATA frames into messages. Follows the windows of both ends, to say which
 * of them held up the other.
 */
final class Http2Frames implements ConnectionFrames.ProtocolFrames {
    private static final int PREFACE_BYTES = 24;
    private static final int MAX_HEADER_LIST_BYTES = 1 << 20;
    private static final int DEFAULT_WINDOW = 65_535;

    private final int connection;
    private final FrameTexts texts;
    private final Consumer<RecordedFrame> sink;
    private final Direction client = new Direction(true);
    private final Direction server = new Direction(false);
    private final Map<Integer, String> paths = new HashMap<>();
    /** The streams that one end has ended. */
    private final Set<Integer> halfClosed = new HashSet<>();

    private long now;

    Http2Frames(int connection, FrameTexts texts, Consumer<RecordedFrame> sink) {
        this.connection = connection;
        this.texts = texts;
        this.sink = sink;
    }

    @Override
    public void feed(boolean fromClient, byte[] bytes, long nanos) {
        now = nanos;
        (fromClient ? client : server).feed(bytes);
    }

    /** Notes that bytes are missing. Headers refer to earlier ones of their direction, so that no more of them can be read. */
    @Override
    public String missing(boolean fromClient) {
        (fromClient ? client : server).lost = true;
        return "nothing behind them can be read in this direction, since headers refer to earlier ones";
    }

    @Override
    public void end(long nanos) {
        now = nanos;
        client.end();
        server.end();
    }

    /** One end has ended a stream; nothing is kept of one that both have ended, of which a connection may carry millions. */
    private void ended(int stream) {
        if (!halfClosed.add(stream)) {
            over(stream);
        }
    }

    private void over(int stream) {
        halfClosed.remove(stream);
        paths.remove(stream);
        client.forget(stream);
        server.forget(stream);
    }

    /** How many streams something is known of. */
    int knownStreams() {
        Set<Integer> all = new HashSet<>(paths.keySet());
        all.addAll(halfClosed);
        client.addKnown(all);
        server.addKnown(all);
        all.remove(0);
        return all.size();
    }

    private void emit(
            boolean fromClient,
            int stream,
            String kind,
            Map<String, String> entries,
            @Nullable String message,
            String note,
            boolean isAnswer,
            FrameBytes content) {
        String path = paths.getOrDefault(stream, "");
        sink.accept(new RecordedFrame(
                connection,
                now,
                fromClient,
                stream == 0 ? "" : "stream " + stream,
                kind,
                path.startsWith("/") ? path.substring(1) : path,
                entries,
                message,
                note,
                isAnswer,
                content));
    }

    /** A frame that is not sent again by who plays a recording. */
    private void emit(
            boolean fromClient,
            int stream,
            String kind,
            Map<String, String> entries,
            @Nullable String message,
            String note,
            boolean isAnswer) {
        emit(fromClient, stream, kind, entries, message, note, isAnswer, FrameBytes.NONE);
    }

    /** What one end sends. */
    private final class Direction extends Http2FrameAdapter {
        private final boolean fromClient;
        private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false, MAX_HEADER_LIST_BYTES);
        private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader(headers);
        private final EmbeddedChannel channel;
        private final GrpcMessages messages = new GrpcMessages(this::message, this::tooLong);
        private final Map<Integer, FollowedWindow> windows = new HashMap<>();
        private int initialWindow = DEFAULT_WINDOW;
        private int prefaceLeft;
        private boolean lost;

        Direction(boolean fromClient) {
            this.fromClient = fromClient;
            prefaceLeft = fromClient ? PREFACE_BYTES : 0;
            channel = new EmbeddedChannel(new ByteToMessageDecoder() {
                @Override
                protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
                        throws Http2Exception {
                    reader.readFrame(context, in, Direction.this);
                }
            });
            try {
                reader.configuration().frameSizePolicy().maxFrameSize(Http2CodecUtil.MAX_FRAME_SIZE_UPPER_BOUND);
            } catch (Http2Exception e) {
                throw new IllegalStateException("the largest size of a frame is refused", e);
            }
            windows.put(0, new FollowedWindow(DEFAULT_WINDOW));
        }

        private Direction other() {
            return fromClient ? server : client;
        }

        void feed(byte[] bytes) {
            if (lost) {
                return;
            }
            int skipped = Math.min(prefaceLeft, bytes.length);
            prefaceLeft -= skipped;
            try {
                boolean unused = channel.writeInbound(Unpooled.wrappedBuffer(bytes, skipped, bytes.length - skipped));
            } catch (RuntimeException e) {
                lost = true;
                Throwable cause = e.getCause() == null ? e : e.getCause();
                emit(fromClient, 0, "unreadable", Map.of(), null, String.valueOf(cause.getMessage()), false);
            }
        }

        void end() {
            windows.forEach((stream, window) -> {
                if (window.isUsedUp()) {
                    emit(fromClient, stream, "stalled", Map.of(), null, stalled(window, " until the end"), false);
                }
            });
            channel.finishAndReleaseAll();
            messages.release();
        }

        void forget(int stream) {
            messages.forget(stream);
            windows.remove(stream);
        }

        void addKnown(Set<Integer> streams) {
            messages.addKnown(streams);
            streams.addAll(windows.keySet());
        }

        private String stalled(FollowedWindow window, String how) {
            return "the window was used up for " + FrameTexts.millis(now - window.usedUpSince()) + how + ": the "
                    + (fromClient ? "client" : "server") + " had to wait for the " + (fromClient ? "server" : "client");
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean isEnd) {
            int bytes = data.readableBytes() + padding;
            window(0).take(bytes, now);
            window(stream).take(bytes, now);
            if (!messages.read(stream, data, isEnd)) {
                String note = bytes + " bytes" + (isEnd ? ", end of stream" : " of a message that goes on");
                FrameBytes content = FrameBytes.data(new byte[0], isEnd);
                emit(fromClient, stream, "DATA", Map.of(), null, note, false, content);
            }
            if (isEnd) {
                ended(stream);
            }
            return bytes;
        }

        private void tooLong(int stream, long length) {
            String why = "a message of " + length + " bytes (expected: at most " + GrpcMessages.MAX_MESSAGE_BYTES
                    + "); no message of this direction of the stream is read any more";
            emit(fromClient, stream, "unreadable", Map.of(), null, why, false);
        }

        private void message(int stream, byte[] sent, @Nullable ByteBuf plain, boolean isEnd) {
            String path = paths.getOrDefault(stream, "");
            int slash = path.lastIndexOf('/');
            String service = slash <= 0 ? null : path.substring(1, slash);
            String method = path.substring(slash + 1);
            String text;
            if (plain == null) {
                text = "(" + (sent.length - GrpcMessages.PREFIX_BYTES) + " bytes, compressed)";
            } else {
                text = fromClient ? texts.request(service, method, plain) : texts.reply(service, method, plain);
            }
            boolean compressed = sent[0] != 0;
            String note = (compressed ? "compressed" : "")
                    + (compressed && isEnd ? ", " : "")
                    + (isEnd ? "end of stream" : "");
            emit(fromClient, stream, "Message", Map.of(), text, note, true, FrameBytes.data(sent, isEnd));
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int stream, Http2Headers list, int padding, boolean isEnd) {
            Map<String, String> entries = new TreeMap<>();
            List<Map.Entry<String, String>> fields = new ArrayList<>();
            list.forEach(header -> {
                String name = header.getKey().toString();
                String value = header.getValue().toString();
                fields.add(Map.entry(name, value));
                entries.merge(name, value, (first, more) -> first + ", " + more);
            });
            String path = entries.get(":path");
            if (path != null && fromClient) {
                paths.put(stream, path);
            }
            String encoding = entries.get("grpc-encoding");
            if (encoding != null) {
                messages.encoded(stream, encoding);
            }
            boolean trailers = !fromClient && isEnd;
            emit(
                    fromClient,
                    stream,
                    trailers ? "Trailers" : "Headers",
                    entries,
                    null,
                    isEnd ? "end of stream" : "",
                    true,
                    FrameBytes.headers(fields, isEnd));
            if (isEnd) {
                ended(stream);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers list,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean isEnd) {
            onHeadersRead(context, stream, list, padding, isEnd);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
            emit(fromClient, stream, "RST_STREAM", Map.of("code", String.valueOf(code)), null, "", true);
            over(stream);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
            Map<String, String> entries = new TreeMap<>();
            settings.forEach((key, value) -> entries.put(name(key), String.valueOf(value)));
            Integer window = settings.initialWindowSize();
            if (window != null) {
                // The window of what the other end sends.
                Direction other = other();
                int change = window - other.initialWindow;
                other.initialWindow = window;
                other.windows.forEach((stream, each) -> {
                    if (stream != 0) {
                        each.add(change);
                    }
                });
            }
            Long table = settings.headerTableSize();
            if (table != null) {
                other().headers.maxHeaderTableSize(table);
            }
            emit(fromClient, 0, "SETTINGS", entries, null, "", false);
        }

        private String name(char key) {
            return switch (key) {
                case Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE -> "HEADER_TABLE_SIZE";
                case Http2CodecUtil.SETTINGS_ENABLE_PUSH -> "ENABLE_PUSH";
                case Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS -> "MAX_CONCURRENT_STREAMS";
                case Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE -> "INITIAL_WINDOW_SIZE";
                case Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE -> "MAX_FRAME_SIZE";
                case Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE -> "MAX_HEADER_LIST_SIZE";
                default -> String.valueOf((int) key);
            };
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext context) {
            emit(fromClient, 0, "SETTINGS", Map.of(), null, "ack", false);
        }

        @Override
        public void onPingRead(ChannelHandlerContext context, long data) {
            emit(fromClient, 0, "PING", Map.of(), null, "", false);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext context, long data) {
            emit(fromClient, 0, "PING", Map.of(), null, "ack", false);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debug) {
            String text = debug.toString(StandardCharsets.UTF_8);
            emit(
                    fromClient,
                    0,
                    "GOAWAY",
                    Map.of("code", String.valueOf(code), "last", String.valueOf(last)),
                    text.isEmpty() ? null : text,
                    "",
                    false);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int bytes) {
            Direction sender = other();
            FollowedWindow window = sender.window(stream);
            window.add(bytes);
            String note = "";
            if (window.isUsedUp() && window.hasRoom()) {
                note = sender.stalled(window, "");
                window.goesOn();
            }
            emit(fromClient, stream, "WINDOW_UPDATE", Map.of("bytes", String.valueOf(bytes)), null, note, false);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload) {
            emit(
                    fromClient,
                    stream,
                    "frame " + (type & 0xff),
                    Map.of(),
                    null,
                    payload.readableBytes() + " bytes",
                    false);
        }

        private FollowedWindow window(int stream) {
            return windows.computeIfAbsent(stream, id -> new FollowedWindow(initialWindow));
        }
    }
}
