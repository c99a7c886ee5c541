package io.streamx.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.MessageArrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames that tell their length. A frame that lies whole in one read is handed on where it
 * lies; any other is gathered on the heap. The memory of a gathered frame is bounded by the bytes that really came: up
 * to 128 KiB it is at most eight times as many, and above that at most twice as many.
 *
 * <p>An instance belongs to the event loop of one connection.
 */
public final class FrameCutter {
    /** What a wire module does with frames. Exceptions that it throws reach the caller of {@link #feed}. */
    public interface Format {
        /** What {@link #frameLength} returns when it needs more bytes to tell. */
        long UNKNOWN = -1;

        /** The length of the frame that begins at {@code index}, of which {@code readable} bytes are there. */
        long frameLength(ByteBuf in, int index, int readable);

        /**
         * How long a frame of {@link #UNKNOWN} length is at the least, given the same bytes; more than {@code
         * readable}. That many bytes are gathered before the format is asked again.
         */
        default long minimumLength(ByteBuf in, int index, int readable) {
            return readable + 1L;
        }

        /** Frames longer than this go to {@link #onOversizedFrame}. */
        long maxFrameLength();

        /**
         * A whole frame.
         *
         * @param in belongs to the caller and is valid during the call alone, unless it is {@code gathered}
         * @param gathered the buffer {@code in} as an array that holds this frame alone, which may be retained and kept
         *     instead of copied; null when {@code in} holds other bytes too
         */
        void onFrame(ByteBuf in, int index, int length, @Nullable InboundMessage gathered);

        /** How many bytes of an oversized frame are wanted to tell what it is; {@link #UNKNOWN} when not yet known. */
        long oversizedHeadLength(ByteBuf in, int index, int readable);

        /** The head of a frame that is too long; its remaining bytes will be skipped as they come. */
        void onOversizedFrame(ByteBuf in, int index, int headLength, long frameLength);

        /** Whether no more frames are wanted, since the connection is being closed. */
        boolean isClosed();
    }

    private static final int FIRST_GATHER_BYTES = 256;
    /** How many times the bytes that have come of a begun frame its memory may be, up to {@link #MAX_ADVANCE_BYTES}. */
    private static final int FIRST_FACTOR = 8;
    /**
     * The memory of a begun frame up to which {@link #FIRST_FACTOR} holds; larger frames have at most twice the bytes
     * that have come.
     */
    private static final int MAX_ADVANCE_BYTES = 128 * 1024;

    private static final int SHOWN_BYTES = 16;
    private static final byte[] NONE = new byte[0];

    private final Format format;
    private byte[] gathered = NONE;
    private int gatheredLength;
    private long toSkip;
    private int begunFrames;

    /** A cutter at the beginning of a frame. */
    public FrameCutter(Format format) {
        this.format = format;
    }

    /** Whether a frame has begun to arrive and not ended. */
    public boolean isWithinFrame() {
        return gatheredLength > 0 || toSkip > 0;
    }

    /** How many frames so far did not lie whole in one read; wraps around. */
    public int begunFrames() {
        return begunFrames;
    }

    /** The first bytes of a frame that has begun and is not whole yet, in hexadecimal, for a log. */
    public String begunFrame() {
        return ByteBufUtil.hexDump(gathered, 0, Math.min(gatheredLength, SHOWN_BYTES));
    }

    /** Cuts the bytes of {@code in}, reading all of them. The caller keeps owning {@code in}. */
    public void feed(ByteBuf in) {
        while (in.isReadable() && !format.isClosed()) {
            if (toSkip > 0) {
                int skipped = (int) Math.min(toSkip, in.readableBytes());
                in.skipBytes(skipped);
                toSkip -= skipped;
            } else if (gatheredLength > 0) {
                gather(in);
            } else {
                cutInPlace(in);
            }
        }
    }

    private void cutInPlace(ByteBuf in) {
        int index = in.readerIndex();
        int readable = in.readableBytes();
        long length = format.frameLength(in, index, readable);
        if (length == Format.UNKNOWN) {
            begin(in, readable);
        } else if (length > format.maxFrameLength()) {
            long head = format.oversizedHeadLength(in, index, readable);
            if (head == Format.UNKNOWN || head > readable) {
                begin(in, readable);
            } else {
                begunFrames++;
                in.skipBytes((int) head);
                toSkip = length - head;
                format.onOversizedFrame(in, index, (int) head, length);
            }
        } else if (length <= readable) {
            in.skipBytes((int) length);
            format.onFrame(in, index, (int) length, null);
        } else {
            begunFrames++;
            keepUpTo(in, readable, length);
        }
    }

    private void begin(ByteBuf in, int bytes) {
        begunFrames++;
        keep(in, bytes);
    }

    private void keep(ByteBuf in, int bytes) {
        if (gathered.length - gatheredLength < bytes) {
            int doubled = Math.max(FIRST_GATHER_BYTES, gatheredLength * 2);
            enlarge(Math.max(doubled, gatheredLength + bytes));
        }
        in.readBytes(gathered, gatheredLength, bytes);
        gatheredLength += bytes;
    }

    /** Adds to the frame that has begun, never beyond its end. */
    private void gather(ByteBuf in) {
        boolean oversized;
        long length;
        long wanted;
        while (true) {
            ByteBuf sofar = Unpooled.wrappedBuffer(gathered, 0, gatheredLength);
            length = format.frameLength(sofar, 0, gatheredLength);
            oversized = length > format.maxFrameLength();
            wanted = oversized ? format.oversizedHeadLength(sofar, 0, gatheredLength) : length;
            if (wanted != Format.UNKNOWN) {
                break;
            }
            if (!in.isReadable()) {
                return;
            }
            // Only bytes that surely belong to this frame are gathered, because the rest of the read may be other
            // frames.
            long surely = format.minimumLength(sofar, 0, gatheredLength) - gatheredLength;
            keep(in, (int) Math.min(surely, in.readableBytes()));
        }
        long missing = wanted - gatheredLength;
        if (missing > 0) {
            keepUpTo(in, (int) Math.min(missing, in.readableBytes()), wanted);
        }
        if (gatheredLength < wanted) {
            return;
        }
        byte[] whole = gathered;
        int wholeLength = gatheredLength;
        gathered = NONE;
        gatheredLength = 0;
        InboundMessage frame = InboundMessage.borrowed(whole, 0, wholeLength);
        try {
            if (oversized) {
                toSkip = length - wholeLength;
                format.onOversizedFrame(frame, 0, wholeLength, length);
            } else {
                format.onFrame(frame, 0, wholeLength, frame);
            }
        } finally {
            frame.release();
        }
    }

    private void enlarge(int bytes) {
        byte[] larger = MessageArrays.take(bytes);
        System.arraycopy(gathered, 0, larger, 0, gatheredLength);
        MessageArrays.give(gathered);
        gathered = larger;
    }

    /**
     * Like {@link #keep} for a frame of known length: reserves no more than that, and mostly all of it, so that nothing is
     * copied twice. A length that was only announced is no reason to reserve much more than what came.
     */
    private void keepUpTo(ByteBuf in, int bytes, long frameLength) {
        if (gathered.length - gatheredLength < bytes) {
            long come = (long) gatheredLength + bytes;
            long allowed = Math.max(2 * come, Math.min(FIRST_FACTOR * come, MAX_ADVANCE_BYTES));
            enlarge((int) Math.min(Math.max(FIRST_GATHER_BYTES, allowed), frameLength));
        }
        keep(in, bytes);
    }
}
