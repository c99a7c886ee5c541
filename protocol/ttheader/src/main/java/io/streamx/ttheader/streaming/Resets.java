package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.RpcException;
import io.streamx.StreamException;
import io.streamx.thrift.ExceptionMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Rst frame says, and how it is said. Source: docs/protocol/ttheader-streaming.md "11. Cancellation". */
final class Resets {
    private Resets() {}

    /** The outcome of a stream that its peer has reset; a payload that cannot be read counts as none. */
    static StreamException read(StreamFailures side, Map<String, String> entries, ByteBuf payload) {
        return side.reset(failure(payload), CancelPath.of(entries));
    }

    private static @Nullable ApplicationException failure(ByteBuf payload) {
        if (!payload.isReadable()) {
            return null;
        }
        try {
            return ExceptionMessage.decode(payload).failure();
        } catch (ApplicationException unreadable) {
            return null;
        }
    }

    /** The payload that gives {@code reason} to the peer. */
    static ApplicationException payload(RpcException reason) {
        return reason instanceof StreamException own
                ? ApplicationException.outcome(own.code(), own.detail())
                : ApplicationException.outcome(StreamException.INTERNAL_CANCELED, String.valueOf(reason.getMessage()));
    }

    /** The names of the calls that the cancel went through before it came here. */
    static List<String> path(RpcException reason) {
        return reason instanceof StreamException own ? own.cancelPath() : List.of();
    }
}
