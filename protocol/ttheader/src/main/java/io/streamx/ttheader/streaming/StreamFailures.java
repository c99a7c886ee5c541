package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.ContextCancelledException;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StreamException;
import io.streamx.StreamException.Kind;
import io.streamx.StreamException.Side;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.ttheader.BizStatusEntries;
import io.streamx.ttheader.ToldStatus;
import io.streamx.wire.Failures;
import io.streamx.wire.GoDuration;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The errors of TTHeader streams, with Kitex' numbers and texts.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "11. Cancellation" and "12. Error codes"; kitex
 * pkg/remote/trans/ttstream/exception.go.
 */
enum StreamFailures implements Failures {
    /** The errors as the calling end reports them. */
    CLIENT(Side.CLIENT),
    /** The errors as the serving end reports them. */
    SERVER(Side.SERVER);

    private static final String CANCELED = "user code invoking stream RPC with context processed by "
            + "context.WithCancel or context.WithTimeout, then invoking cancel() actively";

    private final Side side;

    StreamFailures(Side side) {
        this.side = side;
    }

    private StreamException failure(int code, Kind kind, String detail) {
        return StreamException.outcome(code, kind, side, List.of(), detail, null);
    }

    @Override
    public RpcException sendAfterCloseSend() {
        return failure(StreamException.ILLEGAL_OPERATION, Kind.PROTOCOL, "stream is closed send");
    }

    @Override
    public RpcException sendAfterEnd() {
        return failure(StreamException.ILLEGAL_OPERATION, Kind.PROTOCOL, "stream is closed send");
    }

    @Override
    public RpcException canceled(String reason) {
        return failure(StreamException.CANCELED, Kind.CANCELED, reason.isEmpty() ? CANCELED : reason);
    }

    @Override
    public RpcException closedHere(String place) {
        return failure(StreamException.CANCELED, Kind.CANCELED, "closed here by close() at " + place);
    }

    @Override
    public RpcException canceledByParent(RpcException reason) {
        if (reason instanceof ContextCancelledException) {
            return failure(StreamException.CANCELED, Kind.CANCELED, String.valueOf(reason.getMessage()));
        }
        if (reason instanceof StreamException parent) {
            return StreamException.outcome(
                    parent.code(), Kind.CANCELED, side, parent.cancelPath(), parent.detail(), reason);
        }
        return StreamException.outcome(
                StreamException.INTERNAL_CANCELED,
                Kind.CANCELED,
                side,
                List.of(CancelPath.FOREIGN),
                String.valueOf(reason.getMessage()),
                reason);
    }

    @Override
    public RpcException recvTimeout(RecvTimeout setting, String setBy, Duration waited) {
        return failure(
                StreamException.RECV_TIMEOUT,
                Kind.TIMEOUT,
                "stream Recv timeout, timeout config={Timeout:" + GoDuration.text(setting.timeout())
                        + " DisableCancelRemote:" + !setting.cancelsRemote() + "}, set by " + setBy
                        + "; waited " + GoDuration.text(inMillis(waited)));
    }

    @Override
    public RpcException streamTimeout(TimeLimit setting, Duration passed) {
        return failure(
                StreamException.STREAM_TIMEOUT,
                Kind.TIMEOUT,
                "stream timeout, timeout in ctx: " + GoDuration.text(setting.duration()) + ", set by " + setting.setBy()
                        + "; passed " + GoDuration.text(inMillis(passed)));
    }

    @Override
    public RpcException idleTimeout(TimeLimit setting, Duration passed) {
        return failure(
                StreamException.STREAM_TIMEOUT,
                Kind.TIMEOUT,
                "stream idle timeout, no message in either direction for " + GoDuration.text(setting.duration())
                        + ", set by " + setting.setBy() + "; passed " + GoDuration.text(inMillis(passed)));
    }

    @Override
    public RpcException sendTimeout(TimeLimit setting, long unsentBytes) {
        return failure(
                StreamException.STREAM_TIMEOUT,
                Kind.TIMEOUT,
                "stream Send timeout: the caller took nothing of " + unsentBytes + " unsent bytes for "
                        + GoDuration.text(setting.duration()) + ", the setting sendTimeout of " + setting.setBy());
    }

    private static Duration inMillis(Duration duration) {
        return Duration.ofMillis(duration.toMillis());
    }

    @Override
    public RpcException handlerReturned() {
        return failure(StreamException.HANDLER_RETURNED, Kind.CANCELED, "canceled by business handler returning");
    }

    @Override
    public RpcException headerAlreadySent() {
        return failure(StreamException.ILLEGAL_OPERATION, Kind.PROTOCOL, "stream header already sent");
    }

    @Override
    public RpcException tooManyUnreadBytes(long unreadBytes, Duration stalledFor) {
        return failure(
                StreamException.INTERNAL_CANCELED,
                Kind.CANCELED,
                "stream ended with " + unreadBytes + " unread bytes: it kept its connection from being read for "
                        + GoDuration.text(stalledFor) + " while another stream waited for a message");
    }

    /** A message that came and is larger than this side allows. */
    StreamException messageTooLarge(long bytes, int limit) {
        return failure(
                StreamException.ILLEGAL_FRAME,
                Kind.PROTOCOL,
                "message of " + bytes + " bytes received (expected: at most " + limit
                        + ", the setting maxMessageBytes)");
    }

    /** The peer gave the stream up. */
    StreamException reset(@Nullable ApplicationException payload, List<String> path) {
        int code = payload == null ? 13 : payload.type();
        String detail = payload == null ? "rst" : String.valueOf(payload.getMessage());
        return StreamException.outcome(code, Kind.CANCELED, side, path, detail, null);
    }

    /** A failure in a trailer. */
    StreamException application(ApplicationException cause) {
        return StreamException.outcome(
                StreamException.APPLICATION,
                Kind.APPLICATION,
                side,
                List.of(),
                String.valueOf(cause.getMessage()),
                cause);
    }

    /**
     * The failure that a trailer tells of; null when it tells of none. Source: docs/protocol/ttheader-streaming.md "10.
     * Handler results".
     */
    @Nullable
    RpcException inTrailer(Map<String, String> entries, ByteBuf payload) {
        if (payload.isReadable()) {
            try {
                return application(
                        ToldStatus.of(ExceptionMessage.decode(payload).failure(), entries));
            } catch (ApplicationException e) {
                return illegalTrailer(e);
            }
        }
        try {
            return BizStatusEntries.find(entries);
        } catch (RpcException e) {
            return illegalBizStatus(String.valueOf(e.getMessage()));
        }
    }

    /** A trailer whose payload is no failure. */
    private StreamException illegalTrailer(RpcException cause) {
        return StreamException.outcome(
                StreamException.ILLEGAL_FRAME,
                Kind.PROTOCOL,
                side,
                List.of(),
                "trailer payload: " + cause.getMessage(),
                cause);
    }

    /** A business status that cannot be read. */
    private StreamException illegalBizStatus(String detail) {
        return failure(StreamException.ILLEGAL_BIZ_ERROR, Kind.PROTOCOL, detail);
    }

    /** A frame that breaks the connection, and with it every stream on it. */
    static StreamException illegalFrame(RpcException cause) {
        return StreamException.outcome(
                StreamException.ILLEGAL_FRAME,
                Kind.PROTOCOL,
                Side.NONE,
                List.of(),
                String.valueOf(cause.getMessage()),
                cause);
    }

    /** A second header breaks the connection too. */
    static StreamException secondHeader(int streamId) {
        return StreamException.outcome(
                StreamException.UNEXPECTED_HEADER,
                Kind.PROTOCOL,
                Side.NONE,
                List.of(),
                "stream[" + streamId + "] already set header",
                null);
    }

    /** The connection ended under the streams of a client. */
    static StreamException transportClosing(String detail, @Nullable Throwable cause) {
        return StreamException.outcome(
                StreamException.TRANSPORT_CLOSING, Kind.PROTOCOL, Side.NONE, List.of(), detail, cause);
    }

    /** The connection ended under the streams of a server. */
    static StreamException connectionClosed(String detail, @Nullable Throwable cause) {
        return StreamException.outcome(
                StreamException.CONNECTION_CLOSED,
                Kind.CANCELED,
                Side.NONE,
                List.of(),
                "canceled by connection closed" + (detail.isEmpty() ? "" : ": " + detail),
                cause);
    }
}
