package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.RpcException;

/** Bytes that are no unary message. The message names what was found; no later byte of the connection can be trusted. */
public final class MalformedMessageException extends RpcException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_BYTES = 16;

    MalformedMessageException(String found) {
        // The exception has no stack trace, because that would always show the framing and say nothing of what the peer
        // has sent.
        super(found, null, false);
    }

    /**
     * This exception with the bytes that lie in the buffer from {@code index} on, for whoever has to find out who sent
     * them.
     */
    MalformedMessageException withFirstBytes(ByteBuf in, int index) {
        int count = Math.max(0, Math.min(SHOWN_BYTES, in.writerIndex() - index));
        return new MalformedMessageException(getMessage() + "; first bytes " + ByteBufUtil.hexDump(in, index, count));
    }
}
