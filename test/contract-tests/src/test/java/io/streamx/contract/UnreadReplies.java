package io.streamx.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.fixtures.EchoService;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Connections that ask for large replies and take none of them, byte by byte, as no client of a library would. */
final class UnreadReplies {
    private static final int RECEIVE_BUFFER_BYTES = 16 << 10;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int INITIAL_WINDOW = 4;
    private static final int CALL = 0x80010001;

    private UnreadReplies() {}

    /** How the replies are asked for. */
    enum How {
        /** One call on a Framed connection. */
        FRAMED,
        /** Calls on TTHeader whose caller takes replies in any order. */
        MULTIPLEXED,
        /** Calls of gRPC on a connection that is not read. */
        GRPC_UNREAD,
        /** Calls of gRPC, to whose replies no window is opened. */
        GRPC_WITHOUT_WINDOW,
        /** A stream of gRPC whose caller announces one large message on each of many streams, and sends most of it. */
        GRPC_BEGUN_REQUESTS,
        /** Heads of many gRPC streams, each with a large header. */
        GRPC_LARGE_HEADS,
        /** Streams on TTHeader, each with a large header. */
        TTHEADER_LARGE_HEADS
    }

    /** Asks for {@code calls} replies of {@code bytes} each. */
    static Socket ask(int port, How how, int calls, int bytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        OutputStream out = socket.getOutputStream();
        String wanted = FirehoseHandler.LENGTH + bytes;
        switch (how) {
            case FRAMED -> out.write(framed(1, wanted));
            case MULTIPLEXED -> {
                for (int i = 1; i <= calls; i++) {
                    out.write(ttheader(i, wanted));
                }
            }
            case GRPC_UNREAD -> grpc(out, calls, Integer.MAX_VALUE, message(wanted), true);
            case GRPC_WITHOUT_WINDOW -> grpc(out, calls, 0, message(wanted), true);
            case GRPC_BEGUN_REQUESTS -> {
                byte[] whole = message("x".repeat(bytes));
                grpc(out, calls, 0, Arrays.copyOf(whole, whole.length - 1), false);
            }
            case GRPC_LARGE_HEADS -> grpcHeads(out, calls, bytes);
            case TTHEADER_LARGE_HEADS -> {
                for (int i = 1; i <= calls; i++) {
                    out.write(ttheaderStream(i, bytes));
                }
            }
        }
        return socket;
    }

    private static byte[] thrift(int id, String text) {
        byte[] args = EchoService.encoded(text);
        return ByteBuffer.allocate(4 + 4 + 3 + 4 + args.length)
                .putInt(CALL)
                .putInt(3)
                .put("Say".getBytes(StandardCharsets.US_ASCII))
                .putInt(id)
                .put(args)
                .array();
    }

    private static byte[] framed(int id, String text) {
        byte[] message = thrift(id, text);
        return ByteBuffer.allocate(4 + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] ttheader(int id, String text) {
        Map<Integer, String> ints = Map.of(IntKey.MESSAGE_TYPE, "1");
        return frame(
                TTHeader.Flags.OUT_OF_ORDER, id, TTHeader.ProtocolId.THRIFT_BINARY, ints, Map.of(), thrift(id, text));
    }

    private static byte[] ttheaderStream(int id, int bytes) {
        Map<Integer, String> ints = Map.of(IntKey.FRAME_TYPE, FrameType.HEADER.text(), IntKey.TO_METHOD, "Bidi");
        Map<String, String> strings = Map.of(StringKey.IDL_SERVICE_NAME, "EchoService", "x", "h".repeat(bytes));
        return frame(TTHeader.Flags.STREAMING, id, TTHeader.ProtocolId.THRIFT_STRUCT, ints, strings, new byte[0]);
    }

    private static byte[] frame(
            int flags, int id, int protocol, Map<Integer, String> ints, Map<String, String> strings, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        TTHeaderWriter writer = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES);
        int start = writer.writeHeader(frame, flags, id, protocol, ints, strings);
        frame.writeBytes(payload);
        TTHeaderWriter.patchLength(frame, start);
        return ByteBufUtil.getBytes(frame);
    }

    private static byte[] message(String text) {
        byte[] payload = EchoService.encoded(text);
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    private static void grpc(OutputStream out, int calls, int window, byte[] request, boolean whole)
            throws IOException {
        greet(out, window);
        for (int i = 0; i < calls; i++) {
            int id = 2 * i + 1;
            write(out, HEADERS, END_HEADERS, id, head("Say", 0));
            int at = 0;
            while (at < request.length) {
                int length = Math.min(16 << 10, request.length - at);
                boolean last = whole && at + length == request.length;
                write(out, DATA, last ? END_STREAM : 0, id, Arrays.copyOfRange(request, at, at + length));
                at += length;
            }
        }
    }

    private static void greet(OutputStream out, int window) throws IOException {
        out.write(PREFACE);
        byte[] settings = ByteBuffer.allocate(6)
                .putShort((short) INITIAL_WINDOW)
                .putInt(window)
                .array();
        write(out, SETTINGS, 0, 0, settings);
        write(out, SETTINGS, ACK, 0, new byte[0]);
        if (window != 0) {
            write(
                    out,
                    8,
                    0,
                    0,
                    ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE - 65_535).array());
        }
    }

    private static void grpcHeads(OutputStream out, int calls, int bytes) throws IOException {
        greet(out, 0);
        for (int i = 0; i < calls; i++) {
            write(out, HEADERS, END_HEADERS, 2 * i + 1, head("Bidi", bytes));
        }
    }

    private static void write(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    /** A header block without compression: literals that no table keeps. */
    private static byte[] head(String method, int more) {
        ByteBuffer block = ByteBuffer.allocate(512 + more);
        literal(block, ":method", "POST");
        literal(block, ":scheme", "http");
        literal(block, ":path", "/EchoService/" + method);
        literal(block, ":authority", "echo");
        literal(block, "content-type", "application/grpc+thrift");
        literal(block, "te", "trailers");
        if (more > 0) {
            literal(block, "x", "h".repeat(more));
        }
        byte[] bytes = new byte[block.position()];
        block.flip().get(bytes);
        return bytes;
    }

    private static void literal(ByteBuffer block, String name, String value) {
        block.put((byte) 0);
        text(block, name);
        text(block, value);
    }

    /** A length in seven bits and as many more as it needs, and the text. */
    private static void text(ByteBuffer block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length < 127) {
            block.put((byte) bytes.length);
        } else {
            block.put((byte) 127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.put((byte) (rest % 128 + 128));
                rest /= 128;
            }
            block.put((byte) rest);
        }
        block.put(bytes);
    }
}
