package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.RpcException;

/** Bytes that are no unary message. The message names what was found; no later byte of the connection can be trusted. */
final class MalformedMessageException extends RpcException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_BYTES = 16;

    MalformedMessageException(String found) {
        // What a peer sends is no accident of this program: the stack would always show the framing.
        super(found, null, false);
    }

    /** The same with what lies in the buffer from {@code index} on, for who has to find out who sent it. */
    MalformedMessageException withFirstBytes(ByteBuf in, int index) {
        int count = Math.max(0, Math.min(SHOWN_BYTES, in.writerIndex() - index));
        return new MalformedMessageException(getMessage() + "; first bytes " + ByteBufUtil.hexDump(in, index, count));
    }
}
