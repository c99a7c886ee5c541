package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.wire.ServerStreamEvents;
import java.util.Base64;

/** A body in base64, in pieces that may each have their own padding, as gRPC-Web's text has them. */
final class Base64Body implements RequestMessages {
    private static final int GROUP = 4;

    private final RequestMessages decoded;
    private byte[] left = new byte[0];
    /** Whether the message that is not whole had begun before the latest piece. */
    private boolean goesOn;

    Base64Body(RequestMessages decoded) {
        this.decoded = decoded;
    }

    @Override
    public boolean isStream() {
        return decoded.isStream();
    }

    @Override
    public int heldBytes() {
        return left.length + decoded.heldBytes();
    }

    /**
     * How many characters are missing, of which four stand for three bytes. Padding makes them more than this says; the next
     * call then tells of the rest.
     */
    @Override
    public int missingBytes() {
        int missing = decoded.missingBytes();
        return missing == 0
                ? (left.length == 0 ? 0 : GROUP - left.length)
                : (int) Math.min(Integer.MAX_VALUE, (missing + 2L) / 3 * GROUP);
    }

    @Override
    public long handedOnBytes() {
        return decoded.handedOnBytes();
    }

    @Override
    public void drop() {
        left = new byte[0];
        decoded.drop();
    }

    private boolean isWithin() {
        return left.length > 0 || decoded.progress() != Progress.WHOLE;
    }

    @Override
    public Progress progress() {
        if (!isWithin()) {
            return Progress.WHOLE;
        }
        return goesOn ? Progress.GOES_ON : Progress.BEGUN;
    }

    @Override
    public void add(ByteBuf piece, ServerStreamEvents stream) throws HttpRefusal {
        goesOn = isWithin();
        byte[] text = new byte[left.length + piece.readableBytes()];
        System.arraycopy(left, 0, text, 0, left.length);
        piece.getBytes(piece.readerIndex(), text, left.length, piece.readableBytes());
        int whole = text.length - text.length % GROUP;
        left = new byte[text.length - whole];
        System.arraycopy(text, whole, left, 0, left.length);
        int from = 0;
        for (int end = GROUP; end <= whole; end += GROUP) {
            // Padding ends a piece, behind which the next one begins anew.
            if (end == whole || text[end - 1] == '=') {
                decode(text, from, end, stream);
                from = end;
            }
        }
    }

    private void decode(byte[] text, int from, int to, ServerStreamEvents stream) throws HttpRefusal {
        byte[] piece = new byte[to - from];
        System.arraycopy(text, from, piece, 0, piece.length);
        try {
            decoded.add(Unpooled.wrappedBuffer(Base64.getDecoder().decode(piece)), stream);
        } catch (IllegalArgumentException e) {
            throw HttpRefusal.badRequest("a body that is no base64: " + e.getMessage());
        }
        goesOn &= decoded.progress() == Progress.GOES_ON;
    }

    @Override
    public void end(ServerStreamEvents stream) throws HttpRefusal {
        if (left.length > 0) {
            throw HttpRefusal.badRequest("a body in base64 that ends within a group of " + GROUP + " characters");
        }
        decoded.end(stream);
    }
}
