package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.PingPong;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.DecodedFrame;
import io.streamx.wire.Limits;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/** One end of a unary connection, on a plain socket, played by the test. Reads give up after 20 s. */
final class RawPeer implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    static RawPeer connect(int port) throws IOException {
        return new RawPeer(new Socket("127.0.0.1", port));
    }

    /** A framed message; {@code struct} appends its struct. */
    static byte[] framed(MessageHeader header, Consumer<ByteBuf> struct) {
        return bytes(new MessageWriter(Limits.DEFAULT)
                .write(PingPong.FRAMED, PayloadFormat.THRIFT, 0, Map.of(), Map.of(), header, struct));
    }

    /** A framed request for {@link Echo#SAY}. */
    static byte[] say(String text, int seqId) {
        return request(PingPong.FRAMED, 0, Map.of(), Map.of(), "Say", text, seqId);
    }

    /** A request with the arguments of {@link Echo#SAY}. */
    static byte[] request(
            PingPong carrier,
            int flags,
            Map<Integer, String> ints,
            Map<String, String> strings,
            String method,
            String text,
            int seqId) {
        return bytes(new MessageWriter(Limits.DEFAULT)
                .write(
                        carrier,
                        PayloadFormat.THRIFT,
                        flags,
                        ints,
                        strings,
                        new MessageHeader(MessageHeader.Type.CALL, method, seqId),
                        out -> Echo.SayArgs.CODEC.encode(new Echo.SayArgs(new Echo.Text(text)), out)));
    }

    static byte[] bytes(ByteBuf message) {
        return ByteBufUtil.getBytes(message);
    }

    RawPeer send(byte[] bytes) throws IOException {
        return send(bytes, 0, bytes.length);
    }

    RawPeer send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
        socket.getOutputStream().flush();
        return this;
    }

    RawPeer send(String hex) throws IOException {
        return send(HexFormat.of().parseHex(hex));
    }

    /** The next message, which must be framed. */
    Received receive() throws IOException {
        return receive(PingPong.FRAMED);
    }

    /** The next message, which must come on that carrier. */
    Received receive(PingPong carrier) throws IOException {
        if (carrier == PingPong.BUFFERED) {
            return receiveBuffered();
        }
        byte[] bytes = new byte[4 + in.readInt()];
        in.readFully(bytes, 4, bytes.length - 4);
        ByteBuf message = Unpooled.wrappedBuffer(bytes);
        message.setInt(0, bytes.length - 4);
        if (carrier == PingPong.FRAMED) {
            message.skipBytes(4);
            return new Received(MessageHeader.decode(message), message, Map.of(), Map.of());
        }
        DecodedFrame frame = DecodedFrame.of(bytes);
        ByteBuf payload = Unpooled.wrappedBuffer(frame.payload());
        if (carrier == PingPong.TTHEADER_FRAMED && payload.readInt() != payload.readableBytes()) {
            throw new AssertionError("a length that is not that of the message");
        }
        MessageHeader header = MessageHeader.decode(payload);
        if (header.seqId() != frame.seqId()) {
            throw new AssertionError("sequence ids " + header.seqId() + " and " + frame.seqId());
        }
        return new Received(
                header,
                payload,
                frame.ints() == null ? Map.of() : frame.ints(),
                frame.strings() == null ? Map.of() : frame.strings());
    }

    /** The next framed message of any format, without its length, in hexadecimal. */
    String receiveFrame() throws IOException {
        byte[] message = new byte[in.readInt()];
        in.readFully(message);
        return HexFormat.of().formatHex(message);
    }

    private Received receiveBuffered() throws IOException {
        StructScanner scanner = new StructScanner();
        ByteBuf message = Unpooled.buffer();
        while (!scanner.scan(message, 0, message.readableBytes())) {
            message.writeByte(in.readByte());
        }
        return new Received(MessageHeader.decode(message), message, Map.of(), Map.of());
    }

    /** A message: its envelope, and its struct. */
    record Received(MessageHeader header, ByteBuf struct, Map<Integer, String> ints, Map<String, String> strings) {
        /** The text of a reply to {@link Echo#SAY}. */
        String said() {
            Echo.Text text = Echo.SAY.resultCodec().decode(struct);
            return text == null ? "" : text.value();
        }

        /** The exception it carries, as {@code type: text}. */
        String exception() {
            if (header.type() != MessageHeader.Type.EXCEPTION) {
                throw new AssertionError("message type " + header.type() + " (expected: an exception)");
            }
            var failure = ExceptionMessage.CODEC.decode(struct);
            return failure.type() + ": " + failure.getMessage();
        }
    }

    /** Whether the peer ends the connection next, in order or by a reset, with nothing more to read. */
    boolean isEnded() throws IOException {
        try {
            int next = in.read();
            if (next >= 0) {
                throw new AssertionError("read " + next + " (expected: the end of the connection)");
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
