package io.streamx.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.service.MessageCodec;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One end of a gRPC connection that the test plays, frame by frame, in words. Needs {@code streamx-grpc} on the class path.
 *
 * <pre>{@code
 * GrpcPeer peer = port.acceptGrpc();
 * int stream = peer.expect("HEADERS * :path=/Chat/ask").stream();
 * peer.expect("DATA " + stream + " end");
 * peer.send("HEADERS " + stream + " :status=200 content-type=application/grpc");
 * peer.send("DATA " + stream, Token.CODEC, new Token("hello"));
 * peer.send("HEADERS " + stream + " end grpc-status=8 grpc-message=\"too much\"");
 * }</pre>
 *
 * <p>A line has the type of the frame, the stream (0 for the connection), {@code end} where it ends the stream, and entries:
 * the fields of HEADERS; {@code code} of RST_STREAM and GOAWAY; {@code increment} of WINDOW_UPDATE. SETTINGS, PING and
 * WINDOW_UPDATE of the other side are acknowledged and read over, and windows are given back, unless the line that is
 * expected names them. A message is to lie in one DATA frame. Every wait ends after 10 s with an {@link AssertionError}
 * that shows what was sent and received. For one thread.
 */
public final class GrpcPeer implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> TYPES = List.of(
            "DATA",
            "HEADERS",
            "PRIORITY",
            "RST_STREAM",
            "SETTINGS",
            "PUSH_PROMISE",
            "PING",
            "GOAWAY",
            "WINDOW_UPDATE",
            "CONTINUATION");
    private static final int FRAME_HEADER_BYTES = 9;
    private static final int MESSAGE_PREFIX_BYTES = 5;
    /** The lowest flag of a frame: ACK of SETTINGS and PING, END_STREAM of DATA and HEADERS. */
    private static final int FIRST_FLAG = 1;

    private static final int END_HEADERS = 4;

    private final ScriptedConnection connection;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    private GrpcPeer(ScriptedConnection connection) {
        this.connection = connection;
    }

    static GrpcPeer server(ScriptedConnection connection) {
        GrpcPeer peer = new GrpcPeer(connection);
        try {
            byte[] preface = connection.read(PREFACE.length, "the preface of HTTP/2");
            if (!java.util.Arrays.equals(preface, PREFACE)) {
                throw connection.failure(
                        "expected the preface of HTTP/2, but got " + ByteBufUtil.hexDump(preface), null);
            }
        } catch (EOFException e) {
            throw connection.failure("expected the preface of HTTP/2, but the connection ended", null);
        }
        return peer.send("SETTINGS 0");
    }

    /** Connects as a client: sends the preface and empty settings. */
    public static GrpcPeer connect(String host, int port) {
        GrpcPeer peer = new GrpcPeer(ScriptedConnection.to(host, port));
        peer.connection.write(PREFACE);
        return peer.send("SETTINGS 0");
    }

    /** Sets how long each wait may take from here on. */
    public GrpcPeer within(Duration time) {
        connection.within(time);
        return this;
    }

    /**
     * Waits for the next frame that is not of the connection's upkeep. It has to be as the line says.
     *
     * @throws AssertionError when another one, nothing, or the end of the connection comes
     */
    public ScriptedFrame expect(String line) {
        ScriptLine wanted = ScriptLine.parse(line);
        while (true) {
            ScriptedFrame frame;
            try {
                frame = next("'" + line + "'");
            } catch (EOFException e) {
                throw connection.failure("expected '" + line + "', but the connection ended", null);
            }
            upkeep(frame);
            if (isAsSaid(wanted, frame)) {
                return frame;
            }
            if (!isUpkeep(frame)) {
                throw connection.failure("expected '" + line + "', but got '" + frame + "'", null);
            }
        }
    }

    private static boolean isAsSaid(ScriptLine wanted, ScriptedFrame frame) {
        return frame.type().equals(wanted.type())
                && (wanted.stream() == ScriptLine.ANY || wanted.stream() == frame.stream())
                && wanted.words().stream().allMatch(word -> frame.entries().containsKey(word))
                && wanted.entriesAreIn(frame.entries());
    }

    private static boolean isUpkeep(ScriptedFrame frame) {
        return switch (frame.type()) {
            case "SETTINGS", "PING", "WINDOW_UPDATE", "PRIORITY" -> true;
            default -> false;
        };
    }

    private void upkeep(ScriptedFrame frame) {
        boolean acknowledged = frame.entries().containsKey("ack");
        if (frame.type().equals("SETTINGS") && !acknowledged) {
            write("SETTINGS 0 ack", 4, FIRST_FLAG, 0, new byte[0]);
        } else if (frame.type().equals("PING") && !acknowledged) {
            write("PING 0 ack", 6, FIRST_FLAG, 0, frame.payload());
        } else if (frame.type().equals("DATA")) {
            int bytes = Integer.parseInt(frame.entries().getOrDefault("bytes", "0"));
            if (bytes > 0) {
                byte[] increment = ByteBuffer.allocate(4).putInt(bytes).array();
                write("WINDOW_UPDATE 0 increment=" + bytes, 8, 0, 0, increment);
                if (!frame.entries().containsKey("end")) {
                    write("WINDOW_UPDATE " + frame.stream() + " increment=" + bytes, 8, 0, frame.stream(), increment);
                }
            }
        }
    }

    /** Waits for the end of the connection, before which nothing but its upkeep and GOAWAY may come. */
    public void expectEnd() {
        try {
            while (true) {
                ScriptedFrame frame = next("the end of the connection");
                if (!isUpkeep(frame) && !frame.type().equals("GOAWAY")) {
                    throw connection.failure("expected the end of the connection, but got '" + frame + "'", null);
                }
                upkeep(frame);
            }
        } catch (EOFException e) {
            connection.record("<< end");
        }
    }

    private ScriptedFrame next(String what) throws EOFException {
        ByteBuffer head = ByteBuffer.wrap(connection.read(FRAME_HEADER_BYTES, what));
        int length = (head.get() & 0xff) << 16 | (head.getShort() & 0xffff);
        int type = head.get() & 0xff;
        int flags = head.get() & 0xff;
        int stream = head.getInt() & Integer.MAX_VALUE;
        byte[] payload = length == 0 ? new byte[0] : connection.read(length, what);
        String name = type < TYPES.size() ? TYPES.get(type) : "TYPE" + type;
        Map<String, String> entries = new LinkedHashMap<>();
        boolean first = (flags & FIRST_FLAG) != 0;
        ByteBuffer content = ByteBuffer.wrap(payload);
        switch (name) {
            case "DATA" -> {
                entries.put("bytes", String.valueOf(length));
                payload = length < MESSAGE_PREFIX_BYTES
                        ? payload
                        : java.util.Arrays.copyOfRange(payload, MESSAGE_PREFIX_BYTES, length);
            }
            case "HEADERS" -> entries.putAll(decoded(stream, payload));
            case "RST_STREAM" -> entries.put("code", String.valueOf(content.getInt()));
            case "GOAWAY" -> {
                entries.put("last", String.valueOf(content.getInt()));
                entries.put("code", String.valueOf(content.getInt()));
            }
            case "WINDOW_UPDATE" -> entries.put("increment", String.valueOf(content.getInt()));
            default -> {}
        }
        if (first) {
            entries.put(name.equals("DATA") || name.equals("HEADERS") ? "end" : "ack", "");
        }
        String text = name + " " + stream
                + entries.entrySet().stream()
                        .map(entry -> " "
                                + (entry.getKey().equals("end")
                                                || entry.getKey().equals("ack")
                                        ? entry.getKey()
                                        : ScriptLine.shown(entry.getKey(), entry.getValue())))
                        .collect(Collectors.joining());
        connection.record("<< " + text);
        return new ScriptedFrame(name, stream, entries, payload, text);
    }

    private Map<String, String> decoded(int stream, byte[] block) {
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block))
                    .forEach(entry -> headers.put(
                            entry.getKey().toString(), entry.getValue().toString()));
            return headers;
        } catch (Http2Exception e) {
            throw connection.failure("expected HEADERS, but they cannot be read", e);
        }
    }

    /** Sends the frame that the line describes. */
    public GrpcPeer send(String line) {
        ScriptLine script = ScriptLine.parse(line);
        int type = TYPES.indexOf(script.type());
        int flags = script.words().contains("end") || script.words().contains("ack") ? FIRST_FLAG : 0;
        byte[] payload = switch (script.type()) {
            case "HEADERS" -> {
                flags |= END_HEADERS;
                yield encoded(script);
            }
            case "RST_STREAM" ->
                ByteBuffer.allocate(4).putInt(script.number("code", 0)).array();
            case "GOAWAY" ->
                ByteBuffer.allocate(8)
                        .putInt(script.number("last", 0))
                        .putInt(script.number("code", 0))
                        .array();
            case "WINDOW_UPDATE" ->
                ByteBuffer.allocate(4).putInt(script.number("increment", 1)).array();
            case "PING" -> new byte[8];
            case "SETTINGS", "DATA" -> new byte[0];
            default ->
                throw ScriptLine.bad(
                        line, "one of HEADERS, DATA, RST_STREAM, GOAWAY, WINDOW_UPDATE, PING and SETTINGS first");
        };
        write(line, type, flags, stream(line, script), payload);
        return this;
    }

    /** Sends a DATA frame with one message. */
    public <T> GrpcPeer send(String line, MessageCodec<T> codec, T message) {
        ByteBuf encoded = Unpooled.buffer().writeZero(MESSAGE_PREFIX_BYTES);
        codec.encode(message, encoded);
        encoded.setInt(1, encoded.readableBytes() - MESSAGE_PREFIX_BYTES);
        return sendData(line, ByteBufUtil.getBytes(encoded));
    }

    /** Sends a DATA frame with these bytes, which are not looked at. */
    public GrpcPeer sendData(String line, byte[] bytes) {
        ScriptLine script = ScriptLine.parse(line);
        if (!script.type().equals("DATA")) {
            throw ScriptLine.bad(line, "DATA, which alone carries messages");
        }
        write(
                line + " bytes=" + bytes.length,
                0,
                script.words().contains("end") ? FIRST_FLAG : 0,
                stream(line, script),
                bytes);
        return this;
    }

    private static int stream(String line, ScriptLine script) {
        if (script.stream() == ScriptLine.ANY) {
            throw ScriptLine.bad(line, "a number as the stream of what is sent");
        }
        return script.stream();
    }

    private byte[] encoded(ScriptLine script) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        script.entries().forEach(headers::add);
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(script.stream(), headers, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        return ByteBufUtil.getBytes(block);
    }

    private void write(String line, int type, int flags, int stream, byte[] payload) {
        connection.record(">> " + line);
        connection.write(ByteBuffer.allocate(FRAME_HEADER_BYTES + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    /** The frames that were sent and received so far, a line for each. */
    public List<String> transcript() {
        return connection.transcript();
    }

    /** Ends this side's half of the connection in order; frames can still be expected. */
    public GrpcPeer halfClose() {
        connection.halfClose();
        return this;
    }

    /** Ends the connection by a reset. */
    public void reset() {
        connection.reset();
    }

    @Override
    public void close() {
        connection.close();
    }
}
