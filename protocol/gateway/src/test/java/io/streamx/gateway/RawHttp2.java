package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/2 that writes frames one by one, right or wrong, and reads what comes back. For one thread. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;
    static final int INITIAL_WINDOW = 4;
    static final int ENABLE_CONNECT_PROTOCOL = 8;
    static final int LARGEST_WINDOW = Integer.MAX_VALUE;

    private static final int FIRST_WINDOW = 65_535;
    private static final int MAX_DATA_BYTES = 16 << 10;
    private static final int HEAD_BYTES = 9;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * A frame that came.
     *
     * @param headers those of HEADERS; null for other frames
     */
    record Frame(
            int type,
            int flags,
            int stream,
            byte[] payload,
            @Nullable Http2Headers headers) {
        boolean isEnd() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int number() {
            return Unpooled.wrappedBuffer(payload).getInt(0);
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /** A whole response, with its body as text. */
    record Response(int status, Http2Headers headers, String body) {}

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final List<Frame> unread = new ArrayList<>();
    /** What the server has granted beyond the window of new streams, less what was sent, for each stream. */
    private final Map<Integer, Integer> granted = new HashMap<>();

    private boolean takesConnectProtocol;
    private int serverWindow = FIRST_WINDOW;
    private int credit = FIRST_WINDOW;

    /** Greets a server, which may send {@code window} bytes on each stream, and any number on the connection. */
    RawHttp2(int port, int window) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout(GatewayServer.PATIENCE_SECONDS * 1000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(PREFACE);
        ByteBuf settings = Unpooled.buffer().writeShort(INITIAL_WINDOW).writeInt(window);
        write(SETTINGS, 0, 0, settings);
        write(WINDOW_UPDATE, 0, 0, Unpooled.buffer().writeInt(LARGEST_WINDOW - FIRST_WINDOW));
        await(frame -> frame.type() == SETTINGS && (frame.flags() & ACK) == 0);
    }

    RawHttp2(int port) throws IOException {
        this(port, 1 << 20);
    }

    void write(int type, int flags, int stream, ByteBuf payload) throws IOException {
        ByteBuf frame = Unpooled.buffer(HEAD_BYTES + payload.readableBytes());
        frame.writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        out.write(frame.array(), 0, frame.readableBytes());
        out.flush();
    }

    static Http2Headers head(String method, String path, String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method(method)
                .scheme("http")
                .path(path)
                .authority("localhost");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    void headers(int stream, Http2Headers headers, boolean end) throws IOException, Http2Exception {
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(stream, headers, block);
        write(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block);
    }

    void data(int stream, byte[] bytes, boolean end) throws IOException {
        credit -= bytes.length;
        granted.merge(stream, -bytes.length, Integer::sum);
        write(DATA, end ? END_STREAM : 0, stream, Unpooled.wrappedBuffer(bytes));
    }

    void data(int stream, String text, boolean end) throws IOException {
        data(stream, text.getBytes(StandardCharsets.UTF_8), end);
    }

    void reset(int stream) throws IOException {
        write(RST_STREAM, 0, stream, Unpooled.buffer().writeInt(8));
    }

    void window(int stream, int bytes) throws IOException {
        write(WINDOW_UPDATE, 0, stream, Unpooled.buffer().writeInt(bytes));
    }

    /** Whether the server has said that streams may speak other protocols. */
    boolean takesConnectProtocol() {
        return takesConnectProtocol;
    }

    /** How many bytes the server takes on a stream now. */
    int room(int stream) {
        return Math.min(credit, serverWindow + granted.getOrDefault(stream, 0));
    }

    /** Sends a body and the end of the request, as the server's windows allow. */
    void sendWithinWindows(int stream, byte[] body) throws IOException {
        sendWithinWindows(stream, body, true);
    }

    /** Sends a body, as the server's windows allow; {@code end} says whether it is the whole body. */
    void sendWithinWindows(int stream, byte[] body, boolean end) throws IOException {
        for (int sent = 0; sent < body.length; ) {
            int count = Math.min(Math.min(room(stream), MAX_DATA_BYTES), body.length - sent);
            if (count <= 0) {
                unread.add(read());
            } else {
                data(stream, Arrays.copyOfRange(body, sent, sent + count), end && sent + count == body.length);
                sent += count;
            }
        }
    }

    /** Waits until the server has read what was sent, and takes notice of what it has granted for it. */
    void settle(long number) throws IOException {
        write(PING, 0, 0, Unpooled.buffer().writeLong(number));
        await(frame -> frame.type() == PING && (frame.flags() & ACK) != 0);
    }

    /**
     * Begins requests and sends of their bodies what the server takes, until it takes no more or answers.
     *
     * @return how many bytes of bodies were sent
     */
    long flood(int requests, Http2Headers head) throws IOException, Http2Exception {
        for (int i = 0; i < requests; i++) {
            headers(2 * i + 1, head, false);
        }
        long all = 0;
        boolean settled = false;
        while (unread.stream().noneMatch(frame -> frame.type() == HEADERS)) {
            long before = all;
            for (int i = 0; i < requests; i++) {
                int count = Math.min(room(2 * i + 1), MAX_DATA_BYTES);
                if (count > 0) {
                    data(2 * i + 1, new byte[count], false);
                    all += count;
                }
            }
            if (all > before) {
                settled = false;
            } else if (settled) {
                return all;
            } else {
                settle(all);
                settled = true;
            }
        }
        return all;
    }

    /** Posts JSON as a whole request. */
    void post(int stream, String path, String json, String... headers) throws IOException, Http2Exception {
        Http2Headers head = head("POST", path, headers).set("content-type", "application/json");
        headers(stream, head, false);
        data(stream, json, true);
    }

    private void noticeWindows(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf bytes = Unpooled.wrappedBuffer(payload);
        if (type == SETTINGS && (flags & ACK) == 0) {
            while (bytes.isReadable()) {
                int id = bytes.readUnsignedShort();
                int value = bytes.readInt();
                if (id == INITIAL_WINDOW) {
                    serverWindow = value;
                } else if (id == ENABLE_CONNECT_PROTOCOL) {
                    takesConnectProtocol = value == 1;
                }
            }
            write(SETTINGS, ACK, 0, Unpooled.EMPTY_BUFFER);
        } else if (type == WINDOW_UPDATE && stream == 0) {
            credit += bytes.readInt();
        } else if (type == WINDOW_UPDATE) {
            granted.merge(stream, bytes.readInt(), Integer::sum);
        }
    }

    private Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        try {
            noticeWindows(type, flags, stream, payload);
            if (type == PING && (flags & ACK) == 0) {
                write(PING, ACK, 0, Unpooled.wrappedBuffer(payload));
            }
            Http2Headers headers =
                    type == HEADERS ? decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload)) : null;
            return new Frame(type, flags, stream, payload, headers);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /** The next frame that is looked for, of those that came and were not taken yet. */
    Frame await(Predicate<Frame> wanted) throws IOException {
        for (int i = 0; i < unread.size(); i++) {
            if (wanted.test(unread.get(i))) {
                return unread.remove(i);
            }
        }
        while (true) {
            Frame frame = read();
            if (wanted.test(frame)) {
                return frame;
            }
            unread.add(frame);
        }
    }

    /** The next frame of a stream that carries a response. */
    Frame next(int stream) throws IOException {
        return await(frame -> frame.stream() == stream && frame.type() != WINDOW_UPDATE);
    }

    /** Reads DATA of a stream until it has said {@code text}. */
    String readUntil(int stream, String text) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf(text) < 0) {
            Frame frame = next(stream);
            if (frame.type() == DATA) {
                said.append(frame.text());
            } else if (frame.type() == RST_STREAM || frame.isEnd()) {
                throw new IOException("stream " + stream + " ended after: " + said);
            }
        }
        return said.toString();
    }

    /** Reads a whole response. */
    Response response(int stream) throws IOException {
        Frame frame = next(stream);
        Http2Headers headers = frame.headers();
        if (headers == null) {
            throw new IOException("frame " + frame.type() + " (expected: HEADERS)");
        }
        StringBuilder body = new StringBuilder();
        while (!frame.isEnd()) {
            frame = next(stream);
            if (frame.type() == RST_STREAM) {
                throw new IOException("reset with " + frame.number() + " after: " + body);
            }
            body.append(frame.text());
        }
        return new Response(Integer.parseInt(headers.status().toString()), headers, body.toString());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
