package io.streamx;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TTHeader stream failed. Codes, classes and the layout of the text are those of Kitex:
 * docs/protocol/ttheader-streaming.md "12. Error codes", kitex pkg/remote/trans/ttstream/exception.go. A code received
 * in a reset is kept as it came, so others than the constants are possible.
 *
 * <pre>{@code
 * try (var stream = echo.echoServer(new Request(message))) {
 *     StringBuilder all = new StringBuilder();
 *     for (Response reply : stream) {
 *         all.append(reply.message());
 *     }
 *     return all.toString();
 * } catch (StreamException e) { // a stream on TTHeader: 12001 to 12015
 *     return "stream failed with " + e.code() + " " + e.kind() + ": " + e.detail();
 * }
 * }</pre>
 */
public final class StreamException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** The handler, or the server on its behalf, failed; the cause is the {@link ApplicationException} it sent. */
    public static final int APPLICATION = 12001;
    /** A second header frame for a live stream. */
    public static final int UNEXPECTED_HEADER = 12002;
    /** The extra entries of a business error cannot be read. */
    public static final int ILLEGAL_BIZ_ERROR = 12003;
    /** A frame that cannot be decoded. */
    public static final int ILLEGAL_FRAME = 12004;
    /** A call the stream's state does not allow, such as send after closeSend. */
    public static final int ILLEGAL_OPERATION = 12005;
    /** The connection is closing or gone. */
    public static final int TRANSPORT_CLOSING = 12006;
    /** The caller cancelled. */
    public static final int CANCELED = 12007;
    /** The caller cancelled with a cause (other implementations). */
    public static final int CANCELED_WITH_CAUSE = 12008;
    /** Class number of a reset from downstream. */
    public static final int CANCELED_BY_DOWNSTREAM = 12009;
    /** Class number of a reset from upstream. */
    public static final int CANCELED_BY_UPSTREAM = 12010;
    /** An enclosing call that is not a TTHeader stream ended. */
    public static final int INTERNAL_CANCELED = 12011;
    /** The handler returned while the stream was still in use. */
    public static final int HANDLER_RETURNED = 12012;
    /** The connection closed under a server stream. */
    public static final int CONNECTION_CLOSED = 12013;
    /** One recv waited longer than its limit. */
    public static final int RECV_TIMEOUT = 12014;
    /** The whole stream took longer than its limit. */
    public static final int STREAM_TIMEOUT = 12015;

    /** Which end reports the error. Errors of a whole connection have none. */
    public enum Side {
        /** The calling end. */
        CLIENT,
        /** The serving end. */
        SERVER,
        /** The connection. */
        NONE
    }

    /** Kitex' three classes of stream errors, and the remote application's own error. */
    public enum Kind {
        /** The remote handler or server answered with an error. */
        APPLICATION,
        /** Transport or protocol fault. */
        PROTOCOL,
        /** Somebody cancelled. */
        CANCELED,
        /** A local limit ran out. */
        TIMEOUT
    }

    private final int code;
    private final Side side;
    private final Kind kind;
    private final transient List<String> cancelPath;
    private final String detail;

    /**
     * Creates the error with Kitex' text around {@code detail}.
     *
     * @param cancelPath names from the originator of a cancel on; empty when nobody cancelled
     */
    public StreamException(
            int code, Kind kind, Side side, List<String> cancelPath, String detail, @Nullable Throwable cause) {
        this(code, kind, side, cancelPath, detail, cause, true);
    }

    private StreamException(
            int code,
            Kind kind,
            Side side,
            List<String> cancelPath,
            String detail,
            @Nullable Throwable cause,
            boolean stackTrace) {
        super(text(code, side, cancelPath, detail), cause, stackTrace);
        this.code = code;
        this.kind = Objects.requireNonNull(kind, "kind");
        this.side = Objects.requireNonNull(side, "side");
        this.cancelPath = List.copyOf(cancelPath);
        this.detail = detail;
    }

    /**
     * Creates the error without a stack trace: the outcome of a stream as a value, made where a trace would say
     * nothing. Whoever reports the outcome throws {@link #onThisThread()}.
     */
    public static StreamException outcome(
            int code, Kind kind, Side side, List<String> cancelPath, String detail, @Nullable Throwable cause) {
        return new StreamException(code, kind, side, cancelPath, detail, cause, false);
    }

    private static String text(int code, Side side, List<String> cancelPath, String detail) {
        StringBuilder text = new StringBuilder(64)
                .append("[ttstream error, code=")
                .append(code)
                .append("] ");
        switch (side) {
            case CLIENT -> text.append("[client-side stream] ");
            case SERVER -> text.append("[server-side stream] ");
            case NONE -> {}
        }
        if (!cancelPath.isEmpty()) {
            text.append("[canceled path: ")
                    .append(String.join(" -> ", cancelPath))
                    .append("] ");
        }
        return text.append(detail).toString();
    }

    /** The number, 12001 to 12015 or what the peer's reset carried. */
    public int code() {
        return code;
    }

    /** Which end reports the error. */
    public Side side() {
        return side;
    }

    /** The class of error. */
    public Kind kind() {
        return kind;
    }

    /** Names of the services a cancel passed through, its originator first; empty for other errors. */
    public List<String> cancelPath() {
        return cancelPath;
    }

    /** The message without code, side and path. */
    public String detail() {
        return detail;
    }

    @Override
    public StreamException onThisThread() {
        return new StreamException(code, kind, side, cancelPath, detail, getCause());
    }

    @Override
    public int statusCode() {
        return switch (code) {
            case APPLICATION -> getCause() instanceof RpcException remote ? remote.statusCode() : StatusCode.UNKNOWN;
            case TRANSPORT_CLOSING, CONNECTION_CLOSED -> StatusCode.UNAVAILABLE;
            case RECV_TIMEOUT, STREAM_TIMEOUT -> StatusCode.DEADLINE_EXCEEDED;
            case ILLEGAL_OPERATION -> StatusCode.FAILED_PRECONDITION;
            case UNEXPECTED_HEADER, ILLEGAL_BIZ_ERROR, ILLEGAL_FRAME -> StatusCode.INTERNAL;
            default -> kind == Kind.CANCELED ? StatusCode.CANCELLED : StatusCode.UNKNOWN;
        };
    }
}
