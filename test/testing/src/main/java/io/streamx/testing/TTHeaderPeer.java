package io.streamx.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.service.MessageCodec;
import io.streamx.ttheader.frame.FrameLog;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One end of a connection of TTHeader Streaming that the test plays, frame by frame, in words:
 *
 * <pre>{@code
 * try (ScriptedPort port = ScriptedPort.open()) {
 *     ... a client calls port.address() ...
 *     TTHeaderPeer peer = port.acceptTTHeader();
 *     int stream = peer.expect("Header * ask isn=Chat").stream();
 *     peer.expect("Data " + stream);
 *     peer.send("Header " + stream + " ask");
 *     peer.send("Data " + stream + " ask", Token.CODEC, new Token("hello"));
 *     peer.send("Trailer " + stream + " ask error=12345 message=\"no more\"");
 * }
 * }</pre>
 *
 * <p>A line has the type of the frame (Header, Data, Trailer, Rst, Meta), the stream, the method where wanted, and entries: those
 * with a number are int entries (9 is the method), all others strings. {@code error} and {@code message} are the exception
 * that ends a stream. What is expected may have more entries than the line names. Every wait ends after 10 s with an
 * {@link AssertionError} that shows what was sent and received. It reads only while it expects something. For one thread.
 */
public final class TTHeaderPeer implements AutoCloseable {
    private static final int EXCEPTION = 0x80010003;
    private final ScriptedConnection connection;
    private final TTHeaderReader reader = new TTHeaderReader();

    TTHeaderPeer(ScriptedConnection connection) {
        this.connection = connection;
    }

    /** Connects as a client. */
    public static TTHeaderPeer connect(String host, int port) {
        return new TTHeaderPeer(ScriptedConnection.to(host, port));
    }

    /** Sets how long each wait may take from here on. */
    public TTHeaderPeer within(Duration time) {
        connection.within(time);
        return this;
    }

    /**
     * Waits for the next frame, which has to be as the line says.
     *
     * @throws AssertionError when another one, nothing, or the end of the connection comes
     */
    public ScriptedFrame expect(String line) {
        ScriptLine wanted = ScriptLine.parse(line);
        ScriptedFrame frame;
        try {
            frame = next("'" + line + "'");
        } catch (EOFException e) {
            throw connection.failure("expected '" + line + "', but the connection ended", null);
        }
        String method = frame.entries().getOrDefault(String.valueOf(IntKey.TO_METHOD), "");
        boolean same = frame.type().equalsIgnoreCase(wanted.type())
                && (wanted.stream() == ScriptLine.ANY || wanted.stream() == frame.stream())
                && (wanted.words().isEmpty() || wanted.words().equals(List.of(method)))
                && wanted.entriesAreIn(frame.entries());
        if (!same) {
            throw connection.failure("expected '" + line + "', but got '" + frame + "'", null);
        }
        return frame;
    }

    /** Waits for the end of the connection, before which no frame may come. */
    public void expectEnd() {
        try {
            ScriptedFrame frame = next("the end of the connection");
            throw connection.failure("expected the end of the connection, but got '" + frame + "'", null);
        } catch (EOFException e) {
            connection.record("<< end");
        }
    }

    private ScriptedFrame next(String what) throws EOFException {
        byte[] length = connection.read(TTHeader.LENGTH_BYTES, what);
        byte[] rest = connection.read(ByteBuffer.wrap(length).getInt(), what);
        ByteBuf frame = Unpooled.wrappedBuffer(length, rest);
        reader.read(frame, 0);
        byte[] payload = new byte[reader.payloadLength()];
        frame.getBytes(reader.payloadOffset(), payload);
        Map<String, String> entries = new LinkedHashMap<>();
        Map<Integer, String> ints = reader.intEntries();
        if (ints != null) {
            ints.forEach((key, value) -> entries.put(String.valueOf(key), value));
        }
        Map<String, String> strings = reader.stringEntries();
        if (strings != null) {
            entries.putAll(strings);
        }
        FrameType type = FrameType.of(reader.frameType());
        connection.record(FrameLog.in(reader));
        return new ScriptedFrame(
                type == null ? "untyped" : type.toString(),
                reader.seqId(),
                entries,
                payload,
                FrameLog.in(reader).substring("<< ".length()));
    }

    /** Sends the frame that the line describes. */
    public TTHeaderPeer send(String line) {
        ScriptLine script = ScriptLine.parse(line);
        boolean failed = script.entries().containsKey("error");
        return send(line, script, failed ? exception(script) : new byte[0]);
    }

    /** Sends the frame that the line describes, with a message. */
    public <T> TTHeaderPeer send(String line, MessageCodec<T> codec, T message) {
        ByteBuf payload = Unpooled.buffer();
        codec.encode(message, payload);
        return send(line, ScriptLine.parse(line), ByteBufUtil.getBytes(payload));
    }

    /** Sends the frame that the line describes, with that payload. */
    public TTHeaderPeer send(String line, byte[] payload) {
        return send(line, ScriptLine.parse(line), payload);
    }

    private TTHeaderPeer send(String line, ScriptLine script, byte[] payload) {
        byte[] frame = frame(line, script, payload);
        reader.read(Unpooled.wrappedBuffer(frame), 0);
        connection.record(FrameLog.out(reader));
        connection.write(frame);
        return this;
    }

    /** Sends the first bytes of the frame that the line describes, and then nothing more by itself. */
    public TTHeaderPeer sendPart(String line, int bytes) {
        byte[] frame = frame(line, ScriptLine.parse(line), new byte[0]);
        byte[] part = java.util.Arrays.copyOf(frame, Math.min(bytes, frame.length));
        connection.record(">> " + part.length + " of " + frame.length + " bytes of '" + line + "'");
        connection.write(part);
        return this;
    }

    /** Sends bytes as they are. */
    public TTHeaderPeer sendRaw(byte[] bytes) {
        connection.record(">> " + bytes.length + " bytes " + ByteBufUtil.hexDump(bytes));
        connection.write(bytes);
        return this;
    }

    private static byte[] frame(String line, ScriptLine script, byte[] payload) {
        FrameType type;
        try {
            type = FrameType.valueOf(script.type().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ScriptLine.bad(line, "one of " + List.of(FrameType.values()) + " first");
        }
        if (script.stream() == ScriptLine.ANY) {
            throw ScriptLine.bad(line, "a number as the stream of what is sent");
        }
        Map<Integer, String> ints = new LinkedHashMap<>();
        Map<String, String> strings = new LinkedHashMap<>();
        ints.put(IntKey.FRAME_TYPE, type.text());
        ints.put(
                IntKey.TO_METHOD, script.words().isEmpty() ? "" : script.words().getFirst());
        script.entries().forEach((key, value) -> {
            if (key.chars().allMatch(Character::isDigit)) {
                ints.put(Integer.parseInt(key), value);
            } else if (!key.equals("error") && !key.equals("message")) {
                strings.put(key, value);
            }
        });
        ByteBuf frame = Unpooled.buffer();
        int start = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES)
                .writeHeader(
                        frame,
                        TTHeader.Flags.STREAMING,
                        script.stream(),
                        TTHeader.ProtocolId.THRIFT_STRUCT,
                        ints,
                        strings);
        frame.writeBytes(payload);
        TTHeaderWriter.patchLength(frame, start);
        return ByteBufUtil.getBytes(frame);
    }

    /** The Thrift message that carries a failure in a Trailer or Rst. */
    private static byte[] exception(ScriptLine script) {
        ByteBuf out = Unpooled.buffer();
        out.writeInt(EXCEPTION);
        writeText(out, script.words().isEmpty() ? "" : script.words().getFirst());
        out.writeInt(script.stream());
        writeText(out.writeByte(11).writeShort(1), script.entries().getOrDefault("message", ""));
        out.writeByte(8).writeShort(2).writeInt(script.number("error", 0));
        return ByteBufUtil.getBytes(out.writeByte(0));
    }

    private static void writeText(ByteBuf out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length).writeBytes(utf8);
    }

    /** The frames that were sent and received so far, a line for each. */
    public List<String> transcript() {
        return connection.transcript();
    }

    /** Ends this side's half of the connection in order; frames can still be expected. */
    public TTHeaderPeer halfClose() {
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
