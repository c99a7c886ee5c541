package io.streamx.ttheader.unary;

import io.streamx.RpcException;

/** Bytes that are no unary message. The message names what was found; no later byte of the connection can be trusted. */
final class MalformedMessageException extends RpcException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String found) {
        // What a peer sends is no accident of this program: the stack would always show the framing.
        super(found, null, false);
    }
}
