package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.fixtures.EchoService;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A peer that writes frames one by one, right or wrong, and reads what comes back; in the place of a client or of a
 * server. Reads block for at most 10 s. For one thread.
 */
final class Http2Peer implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final List<Frame> seen = new ArrayList<>();

    private Http2Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** A client that has said nothing yet. */
    static Http2Peer connect(int port) throws IOException {
        return new Http2Peer(new Socket("127.0.0.1", port));
    }

    /** A client that has sent preface and empty settings and has acknowledged the server's. */
    static Http2Peer greet(int port) throws IOException {
        Http2Peer peer = connect(port);
        peer.preface();
        peer.settings();
        peer.await(frame -> frame.type() == Frame.SETTINGS && !frame.isAck());
        peer.write(Frame.SETTINGS, Frame.ACK, 0);
        return peer;
    }

    /** A server that has read the preface of the next connection; it has said nothing yet. */
    static Http2Peer accept(ServerSocket listener) throws IOException {
        Http2Peer peer = new Http2Peer(listener.accept());
        byte[] preface = peer.in.readNBytes(PREFACE.length);
        if (!java.util.Arrays.equals(preface, PREFACE)) {
            throw new IOException("no preface: " + new String(preface, StandardCharsets.ISO_8859_1));
        }
        return peer;
    }

    // ---- writing ----

    void preface() throws IOException {
        out.write(PREFACE);
    }

    void raw(byte... bytes) throws IOException {
        out.write(bytes);
    }

    void write(int type, int flags, int stream, byte... payload) throws IOException {
        out.write(bytes(type, flags, stream, payload));
    }

    static byte[] bytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** SETTINGS of pairs of id and value. */
    void settings(int... pairs) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length / 2 * 6);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        write(Frame.SETTINGS, 0, 0, payload.array());
    }

    /** What a Kitex client sends for a Thrift method. */
    static Map<String, String> request(String method) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":method", "POST");
        headers.put(":scheme", "http");
        headers.put(":path", "/echo.EchoService/" + method);
        headers.put(":authority", "echo");
        headers.put("content-type", "application/grpc+thrift");
        headers.put("te", "trailers");
        return headers;
    }

    /** The head of a response of a Kitex server. */
    static Map<String, String> response() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":status", "200");
        headers.put("content-type", "application/grpc+thrift");
        return headers;
    }

    static Map<String, String> trailers(int status, String message) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("grpc-status", Integer.toString(status));
        headers.put("grpc-message", message);
        return headers;
    }

    void headers(int stream, Map<String, String> headers, boolean end) throws IOException {
        write(Frame.HEADERS, Frame.END_HEADERS | (end ? Frame.END_STREAM : 0), stream, block(stream, headers));
    }

    byte[] block(int stream, Map<String, String> headers) {
        Http2Headers list = new DefaultHttp2Headers(false);
        headers.forEach(list::add);
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, list, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        return ByteBufUtil.getBytes(block);
    }

    void data(int stream, byte[] bytes, boolean end) throws IOException {
        write(Frame.DATA, end ? Frame.END_STREAM : 0, stream, bytes);
    }

    /** A text as a message of the echo service. */
    static byte[] message(String text) {
        byte[] payload = EchoService.encoded(text);
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    void reset(int stream, int code) throws IOException {
        write(Frame.RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    void windowUpdate(int stream, int increment) throws IOException {
        write(
                Frame.WINDOW_UPDATE,
                0,
                stream,
                ByteBuffer.allocate(4).putInt(increment).array());
    }

    void ping(long payload, boolean ack) throws IOException {
        write(
                Frame.PING,
                ack ? Frame.ACK : 0,
                0,
                ByteBuffer.allocate(8).putLong(payload).array());
    }

    void goAway(int last, int code, String debug) throws IOException {
        byte[] text = debug.getBytes(StandardCharsets.UTF_8);
        write(
                Frame.GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8 + text.length)
                        .putInt(last)
                        .putInt(code)
                        .put(text)
                        .array());
    }

    // ---- reading ----

    /** The next frame; null at the end of the connection. */
    Frame read() throws IOException {
        int length;
        try {
            length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        } catch (EOFException | SocketException end) {
            return null;
        } catch (SocketTimeoutException nothing) {
            throw new IOException("nothing more came after " + seen, nothing);
        }
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        Frame frame =
                new Frame(type, flags, stream, payload, type == Frame.HEADERS ? decode(stream, payload) : Map.of());
        seen.add(frame);
        return frame;
    }

    private Map<String, String> decode(int stream, byte[] block) {
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block))
                    .forEach(entry -> headers.put(
                            entry.getKey().toString(), entry.getValue().toString()));
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return headers;
    }

    /** The next frame like that, whatever comes before it. */
    Frame await(Predicate<Frame> wanted) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame == null) {
                throw new EOFException("the connection ended after " + seen);
            }
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** The next frame of that type for that stream. */
    Frame await(int type, int stream) throws IOException {
        return await(frame ->
                frame.type() == type && frame.stream() == stream && !(type == Frame.SETTINGS && frame.isAck()));
    }

    /** Reads until the connection ends; its last GOAWAY's code, or -1 when there was none. */
    int awaitClose() throws IOException {
        int code = -1;
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == Frame.GOAWAY) {
                code = frame.intAt(4);
            }
        }
        return code;
    }

    /** All frames read so far. */
    List<Frame> seen() {
        return seen;
    }

    /** Answers PING and SETTINGS, and gives all windows back, until a frame like that comes. */
    Frame play(Predicate<Frame> wanted) throws IOException {
        return await(frame -> {
            try {
                if (frame.type() == Frame.PING && !frame.isAck()) {
                    ping(frame.longAt(0), true);
                } else if (frame.type() == Frame.SETTINGS && !frame.isAck()) {
                    write(Frame.SETTINGS, Frame.ACK, 0);
                } else if (frame.type() == Frame.DATA && frame.payload().length > 0) {
                    windowUpdate(0, frame.payload().length);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return wanted.test(frame);
        });
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
