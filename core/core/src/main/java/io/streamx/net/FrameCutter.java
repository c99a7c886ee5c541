package io.streamx.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into frames that tell their length. A frame that lies whole in one read is handed on where it
 * lies; one that does not is gathered on the heap, in memory that grows with the bytes that really came and not with
 * the length that was announced.
 *
 * <p>Not safe for threads: one instance belongs to one connection's event loop.
 */
public final class FrameCutter {
    /** What a wire module does with frames. Exceptions it throws reach the caller of {@link #feed}. */
    public interface Format {
        /** {@link #frameLength} when it needs more bytes to tell. */
        long UNKNOWN = -1;

        /** Length of the frame that begins at {@code index}, of which {@code readable} bytes are there. */
        long frameLength(ByteBuf in, int index, int readable);

        /**
         * How long a frame of {@link #UNKNOWN} length is at the least, given the same bytes; more than {@code readable}.
         * So many are gathered before the format is asked again.
         */
        default long minimumLength(ByteBuf in, int index, int readable) {
            return readable + 1L;
        }

        /** Frames longer than this go to {@link #onOversizedFrame}. */
        long maxFrameLength();

        /**
         * A whole frame.
         *
         * @param in belongs to the caller and is valid during the call alone
         * @param kept whether {@code in} is an array of this frame alone, which may be kept instead of copied
         */
        void onFrame(ByteBuf in, int index, int length, boolean kept);

        /** How many bytes of an oversized frame are wanted to tell what it is; {@link #UNKNOWN} when not yet known. */
        long oversizedHeadLength(ByteBuf in, int index, int readable);

        /** The head of a frame that is too long; its remaining bytes will be skipped as they come. */
        void onOversizedFrame(ByteBuf in, int index, int headLength, long frameLength);

        /** Whether no more frames are wanted, since the connection is being closed. */
        boolean isClosed();
    }

    private static final int FIRST_GATHER_BYTES = 256;
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

    /** Cuts what {@code in} brings; all of it is read. The caller keeps owning it. */
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
            format.onFrame(in, index, (int) length, false);
        } else {
            begin(in, readable);
        }
    }

    private void begin(ByteBuf in, int bytes) {
        begunFrames++;
        keep(in, bytes);
    }

    private void keep(ByteBuf in, int bytes) {
        if (gathered.length - gatheredLength < bytes) {
            int doubled = Math.max(FIRST_GATHER_BYTES, gatheredLength * 2);
            gathered = Arrays.copyOf(gathered, Math.max(doubled, gatheredLength + bytes));
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
            // No more than surely belongs to this frame: the rest of the read may be other frames.
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
        ByteBuf frame = Unpooled.wrappedBuffer(whole, 0, wholeLength);
        if (oversized) {
            toSkip = length - wholeLength;
            format.onOversizedFrame(frame, 0, wholeLength, length);
        } else {
            format.onFrame(frame, 0, wholeLength, true);
        }
    }

    /** Like {@link #keep}, but never reserves more than the frame needs. */
    private void keepUpTo(ByteBuf in, int bytes, long frameLength) {
        if (gathered.length - gatheredLength < bytes) {
            long doubled = Math.max(FIRST_GATHER_BYTES, 2L * gatheredLength);
            int capacity = (int) Math.max(Math.min(doubled, frameLength), gatheredLength + bytes);
            gathered = Arrays.copyOf(gathered, capacity);
        }
        keep(in, bytes);
    }
}
