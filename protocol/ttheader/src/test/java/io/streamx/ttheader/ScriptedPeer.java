package io.streamx.ttheader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ttheader.frame.DecodedFrame;
import io.streamx.ttheader.frame.FrameException;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.TTHeaderReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * One end of a TTHeader connection played by the test, line by line:
 *
 * <pre>{@code
 * try (ScriptedServer server = ScriptedServer.start()) {
 *     ... a client calls server.address() ...
 *     ScriptedPeer peer = server.accept();
 *     int stream = peer.expect(FrameType.HEADER).seqId();
 *     peer.expect(FrameType.DATA, stream);
 *     peer.send(Frames.header(stream, "Echo", Map.of()), Frames.data(stream, "Echo", Frames.struct("hello")));
 *     peer.hangUp();
 * }
 * }</pre>
 *
 * <p>It reads only while it expects something, so between the lines it is a peer that does not read. Every wait ends at
 * the deadline with an {@link AssertionError} that shows what was sent and received so far. One thread at a time.
 */
public final class ScriptedPeer implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int SHOWN_BYTES = 64;

    /** How the other side ended its half of the connection. */
    public enum End {
        /** In order. */
        FIN,
        /** By a reset. */
        RST
    }

    private final Socket socket;
    private final TTHeaderReader reader = new TTHeaderReader();
    private final ByteBuf bytes = Unpooled.buffer();
    private final byte[] chunk = new byte[64 << 10];
    /** Received and not yet expected. */
    private final List<DecodedFrame> waiting = new ArrayList<>();

    private final List<DecodedFrame> received = new ArrayList<>();
    private final List<String> transcript = new ArrayList<>();
    private Duration deadline = DEADLINE;
    private End end;

    ScriptedPeer(Socket socket) throws SocketException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
    }

    /** Connects as a client. */
    public static ScriptedPeer connect(InetSocketAddress address) {
        Socket socket = new Socket();
        try {
            socket.connect(address, Math.toIntExact(DEADLINE.toMillis()));
            return new ScriptedPeer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("connecting to " + address, e);
        }
    }

    /** How long each wait may take from here on. */
    public ScriptedPeer within(Duration deadline) {
        this.deadline = deadline;
        return this;
    }

    // Receiving

    /** The next frame, of whatever stream; it must have that type. */
    public DecodedFrame expect(FrameType type) {
        return take(type + " of any stream", frame -> true, frame -> frame.type() == type);
    }

    /** The next frame of that stream; it must have that type. Frames of other streams keep waiting. */
    public DecodedFrame expect(FrameType type, int streamId) {
        return take(type + " of stream " + streamId, frame -> frame.seqId() == streamId, frame -> frame.type() == type);
    }

    /**
     * The next frame of that stream; it must have that type and meet a condition.
     *
     * @param condition in words, for the failure
     */
    public DecodedFrame expect(FrameType type, int streamId, String condition, Predicate<DecodedFrame> test) {
        return take(
                type + " of stream " + streamId + " with " + condition,
                frame -> frame.seqId() == streamId,
                frame -> frame.type() == type && test.test(frame));
    }

    /** The next frame, whatever it is; unary frames are to be had this way only. */
    public DecodedFrame expectFrame() {
        return take("a frame", frame -> true, frame -> true);
    }

    /** That many bytes as they are, for carriers without TTHeader; only before or between frames. */
    public byte[] expectBytes(int count) {
        String what = count + " bytes";
        long until = System.nanoTime() + deadline.toNanos();
        while (bytes.readableBytes() < count) {
            if (!receive(until, what)) {
                throw failure("expected " + what + ", but the connection ended by " + end, null);
            }
        }
        byte[] taken = new byte[count];
        bytes.readBytes(taken);
        record("<< ", taken);
        return taken;
    }

    /** The end of the connection, by either way, without any frame before it that was not expected. */
    public End expectEnd() {
        List<DecodedFrame> rest = untilEnd();
        if (!rest.isEmpty() || bytes.isReadable()) {
            throw failure("expected the end of the connection, but " + rest.size() + " frames came before", null);
        }
        return end;
    }

    /** Says nothing and reads on until the other side ends the connection; the frames nobody had expected before. */
    public List<DecodedFrame> untilEnd() {
        long until = System.nanoTime() + deadline.toNanos();
        boolean open = true;
        while (open) {
            decode();
            open = receive(until, "the end of the connection");
        }
        List<DecodedFrame> rest = List.copyOf(waiting);
        waiting.clear();
        return rest;
    }

    /** All frames read so far, expected or not. */
    public List<DecodedFrame> received() {
        return Collections.unmodifiableList(received);
    }

    private DecodedFrame take(String what, Predicate<DecodedFrame> candidate, Predicate<DecodedFrame> wanted) {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            decode();
            for (DecodedFrame frame : waiting) {
                if (candidate.test(frame)) {
                    if (!wanted.test(frame)) {
                        throw failure("expected " + what + ", but got " + frame, null);
                    }
                    waiting.remove(frame);
                    return frame;
                }
            }
            if (!receive(until, what)) {
                throw failure("expected " + what + ", but the connection ended by " + end, null);
            }
        }
    }

    /** Turns whole frames among the bytes into frames. */
    private void decode() {
        try {
            int length = reader.frameLength(bytes, bytes.readerIndex());
            while (length != TTHeaderReader.NEED_MORE && length <= bytes.readableBytes()) {
                DecodedFrame frame = DecodedFrame.of(bytes, bytes.readerIndex());
                bytes.skipBytes(length).discardSomeReadBytes();
                waiting.add(frame);
                received.add(frame);
                transcript.add("<< " + frame);
                length = reader.frameLength(bytes, bytes.readerIndex());
            }
        } catch (FrameException e) {
            throw failure("expected a frame", e);
        }
    }

    /** Reads what there is, waiting for it if need be; false at the end of the connection. */
    private boolean receive(long until, String what) {
        if (end != null) {
            return false;
        }
        try {
            long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            InputStream in = socket.getInputStream();
            // On a busy machine the deadline may pass before the first look; what is there by then is in time.
            if (millis <= 0 && in.available() == 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout(Math.toIntExact(Math.max(1, millis)));
            int count = in.read(chunk);
            if (count < 0) {
                ended(End.FIN);
                return false;
            }
            bytes.writeBytes(chunk, 0, count);
            return true;
        } catch (SocketTimeoutException e) {
            throw failure("expected " + what + " within " + deadline.toMillis() + " ms, but nothing came", null);
        } catch (SocketException e) {
            if (socket.isClosed()) {
                throw failure("expected " + what + ", but the script has closed the connection", e);
            }
            ended(End.RST);
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ended(End how) {
        end = how;
        transcript.add("<< " + how);
    }

    // Sending

    /** Sends whole frames, or any bytes, with one write. */
    public ScriptedPeer send(byte[]... frames) {
        byte[] all = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frames));
        for (byte[] frame : frames) {
            record(">> ", frame);
        }
        write(all);
        return this;
    }

    /** Sends bytes given as hexadecimal digits, blanks between them ignored. */
    public ScriptedPeer sendHex(String digits) {
        return send(Frames.hex(digits));
    }

    /** Sends only the first bytes of a frame. */
    public ScriptedPeer sendPart(byte[] frame, int count) {
        byte[] part = Arrays.copyOf(frame, Math.min(count, frame.length));
        transcript.add(">> " + part.length + " of " + frame.length + " bytes");
        write(part);
        return this;
    }

    /** Sends bytes in pieces, each with a write of its own; the network may still join them. */
    public ScriptedPeer sendInPieces(byte[] all, int pieceBytes) {
        record(">> in pieces ", all);
        for (int at = 0; at < all.length; at += pieceBytes) {
            write(Arrays.copyOfRange(all, at, Math.min(all.length, at + pieceBytes)));
        }
        return this;
    }

    private void write(byte[] all) {
        // A blocking write knows no timeout; it is left to a thread that ends with the socket.
        FutureTask<Void> write = new FutureTask<>(() -> {
            socket.getOutputStream().write(all);
            return null;
        });
        Thread.ofVirtual().name("scripted-peer-write").start(write);
        try {
            write.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            close();
            throw failure(
                    "sending " + all.length + " bytes took more than " + deadline.toMillis()
                            + " ms: the other side does not read",
                    null);
        } catch (ExecutionException e) {
            throw failure("sending " + all.length + " bytes failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw failure("interrupted while sending", e);
        }
    }

    // Ending

    /** Ends this side's half of the connection; frames can still be expected. */
    public ScriptedPeer halfClose() {
        try {
            socket.shutdownOutput();
            transcript.add(">> FIN");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the connection in order (FIN). */
    public void hangUp() {
        try {
            socket.shutdownOutput();
            transcript.add(">> FIN, closed");
            // Closing over unread bytes would make the system send a reset.
            InputStream in = socket.getInputStream();
            while (in.available() > 0 && in.read(chunk) > 0) {}
        } catch (IOException e) {
            transcript.add("-- " + e);
        } finally {
            close();
        }
    }

    /** Closes the connection by a reset (RST), which also destroys what is still on its way. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            transcript.add(">> RST");
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void record(String direction, byte[] sent) {
        String shown;
        try {
            boolean whole = reader.frameLength(Unpooled.wrappedBuffer(sent), 0) == sent.length;
            shown = whole ? DecodedFrame.of(sent).toString() : null;
        } catch (FrameException e) {
            shown = null;
        }
        if (shown == null) {
            int count = Math.min(sent.length, SHOWN_BYTES);
            shown = sent.length + " bytes " + HexFormat.of().formatHex(sent, 0, count)
                    + (count < sent.length ? "..." : "");
        }
        transcript.add(direction + shown);
    }

    private AssertionError failure(String message, Throwable cause) {
        StringBuilder text = new StringBuilder(message).append("\nso far:");
        transcript.forEach(line -> text.append("\n  ").append(line));
        if (bytes.isReadable()) {
            text.append("\n  << ").append(bytes.readableBytes()).append(" bytes not yet read as a frame: ");
            text.append(ByteBufUtil.hexDump(bytes, bytes.readerIndex(), Math.min(SHOWN_BYTES, bytes.readableBytes())));
        }
        return new AssertionError(text.toString(), cause);
    }
}
