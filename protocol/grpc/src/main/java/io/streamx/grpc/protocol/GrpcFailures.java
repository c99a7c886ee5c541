package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.ContextCancelledException;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.wire.Failures;
import io.streamx.wire.GoDuration;
import io.streamx.wire.NotSentException;
import io.streamx.wire.TimeLimit;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The errors of gRPC streams, all of them statuses, with Kitex' codes and texts.
 *
 * <p>Source: docs/protocol/grpc.md "8.2 Errors that arise at the client" and "9. Streams and cancelling".
 */
public enum GrpcFailures implements Failures {
    /** The errors as the calling end reports them. */
    CLIENT,
    /** The errors as the serving end reports them. */
    SERVER;

    private static StatusException status(int code, String message) {
        return status(code, message, null);
    }

    private static StatusException status(int code, String message, @Nullable Throwable cause) {
        return StatusException.outcome(code, message, List.of(), cause);
    }

    @Override
    public StatusException sendAfterCloseSend() {
        return status(StatusCode.INTERNAL, "the stream is done");
    }

    @Override
    public StatusException sendAfterEnd() {
        return status(StatusCode.INTERNAL, "the stream is done");
    }

    @Override
    public StatusException canceled(String reason) {
        return status(StatusCode.CANCELLED, reason.isEmpty() ? "context canceled" : "context canceled: " + reason);
    }

    @Override
    public StatusException closedHere(String place) {
        return status(StatusCode.CANCELLED, "closed here by close() at " + place);
    }

    @Override
    public StatusException canceledByParent(RpcException reason) {
        if (reason instanceof ContextCancelledException) {
            return canceled(String.valueOf(reason.getMessage()));
        }
        if (reason instanceof StatusException parent) {
            return status(parent.code(), parent.statusMessage(), parent);
        }
        return status(StatusCode.CANCELLED, "context canceled: " + reason.getMessage(), reason);
    }

    @Override
    public StatusException recvTimeout(RecvTimeout setting, String setBy, Duration waited) {
        return status(
                StatusCode.RECV_DEADLINE_EXCEEDED,
                "stream Recv timeout, timeout config={Timeout:" + GoDuration.text(setting.timeout())
                        + " DisableCancelRemote:" + !setting.cancelsRemote() + "}, set by " + setBy + "; waited "
                        + inMillis(waited));
    }

    @Override
    public StatusException streamTimeout(TimeLimit setting, Duration passed) {
        return status(
                StatusCode.DEADLINE_EXCEEDED,
                "context deadline exceeded: timeout " + GoDuration.text(setting.duration()) + ", set by "
                        + setting.setBy() + "; passed " + inMillis(passed));
    }

    @Override
    public StatusException idleTimeout(TimeLimit setting, Duration passed) {
        return status(
                StatusCode.DEADLINE_EXCEEDED,
                "stream idle timeout, no message in either direction for " + GoDuration.text(setting.duration())
                        + ", set by " + setting.setBy() + "; passed " + inMillis(passed));
    }

    @Override
    public StatusException sendTimeout(TimeLimit setting, long unsentBytes) {
        return status(
                StatusCode.DEADLINE_EXCEEDED,
                "stream Send timeout: the caller took nothing of " + unsentBytes + " unsent bytes for "
                        + GoDuration.text(setting.duration()) + ", the setting sendTimeout of " + setting.setBy());
    }

    private static String inMillis(Duration duration) {
        return GoDuration.text(Duration.ofMillis(duration.toMillis()));
    }

    @Override
    public StatusException handlerReturned() {
        return status(StatusCode.CANCELLED, "transport: canceled by business handler returning");
    }

    @Override
    public StatusException headerAlreadySent() {
        return status(
                StatusCode.INTERNAL,
                "transport: the stream is done or WriteHeader was already called [triggered by handler side]");
    }

    @Override
    public StatusException tooManyUnreadBytes(long unreadBytes, Duration stalledFor) {
        return status(
                StatusCode.RESOURCE_EXHAUSTED,
                "stream ended with " + unreadBytes + " unread bytes: it kept its connection from being read for "
                        + inMillis(stalledFor) + " while another stream waited for a message");
    }

    /**
     * This side gave up a message that had begun to come and did not end, of a connection that holds too much of such
     * messages.
     */
    public StatusException tooManyIncompleteBytes(long missing, long held, long limit, Duration stalledFor) {
        return status(
                StatusCode.RESOURCE_EXHAUSTED,
                "stream ended within a message of which " + missing + " bytes are missing: messages that the " + peer()
                        + " began and did not end held " + held + " bytes of this connection (expected: at most "
                        + limit + ", the setting buffers), and next to nothing of them came for "
                        + inMillis(stalledFor));
    }

    /** This side gave up a message that does not come, because another message waits for it. */
    public StatusException messageStalled(long missing, Duration stalledFor) {
        return status(
                StatusCode.RESOURCE_EXHAUSTED,
                "stream ended within a message of which " + missing + " bytes are missing: next to nothing came for "
                        + inMillis(stalledFor) + " while another large message of the " + peer()
                        + " waited for the credit that this one was given");
    }

    @Override
    public StatusException notProcessed(RpcException failure) {
        return because(
                failure,
                new NotSentException(
                        "the server has not processed the call: " + failure.getMessage(), failure.getCause()));
    }

    /** That failure, saying too that the connection ended before the call got its turn there. */
    public StatusException connectionEnded(RpcException failure) {
        return because(
                failure,
                NotSentException.connectionEnded(
                        "the connection ended before the server took the call: " + failure.getMessage(),
                        failure.getCause()));
    }

    private static StatusException because(RpcException failure, NotSentException certain) {
        return failure instanceof StatusException status
                ? StatusException.outcome(status.code(), status.statusMessage(), status.details(), certain)
                : status(StatusCode.UNAVAILABLE, String.valueOf(failure.getMessage()), certain);
    }

    /** A message that came, or is to be sent, and is larger than this side allows. */
    public StatusException messageTooLarge(long bytes, int limit) {
        return status(
                StatusCode.RESOURCE_EXHAUSTED,
                "message of " + bytes + " bytes (expected: at most " + limit + ", the setting maxMessageBytes)");
    }

    /** The peer ended its messages within one: {@code missing} bytes did not come. */
    public StatusException messageCutShort(long missing) {
        return status(
                StatusCode.INTERNAL,
                "unexpected EOF: the " + peer() + " ended its messages within one (expected: " + missing
                        + " more bytes)");
    }

    /**
     * A unary call or a server stream whose caller sent no message; at a client a call without its one reply. Source:
     * gRPC's statuscodes.md, cardinality violation.
     */
    public StatusException messageMissing() {
        return status(StatusCode.UNIMPLEMENTED, "EOF: the " + peer() + " sent no message (expected: one)");
    }

    /** A second message where one was expected. */
    public StatusException secondMessage() {
        return status(
                StatusCode.UNIMPLEMENTED,
                "grpc client streaming protocol violation: the " + peer() + " sent a second message (expected: one)");
    }

    /** A message says that it is compressed, and the head did not say with what. */
    public StatusException compressedWithoutEncoding() {
        return status(
                StatusCode.INTERNAL,
                "a compressed message of a stream without grpc-encoding (expected: flag 0, or the header)");
    }

    /** A message is compressed with something that this end does not know. */
    public StatusException unknownEncoding(String encoding, List<String> known) {
        return status(
                StatusCode.INTERNAL,
                "a message compressed with '" + HeaderText.shown(encoding) + "' (expected: one of "
                        + String.join(", ", known) + ")");
    }

    /** A message became larger than this side allows. */
    public StatusException tooLargeDecompressed(int compressedBytes, int limit) {
        return status(
                StatusCode.RESOURCE_EXHAUSTED,
                "message of " + compressedBytes + " compressed bytes becomes larger than " + limit
                        + " bytes (expected: at most those, the setting maxMessageBytes)");
    }

    /** The bytes of a message are not what its compressor writes. */
    public StatusException notDecompressible(String compressor, int bytes, Throwable cause) {
        return status(
                StatusCode.INTERNAL,
                "message of " + bytes + " compressed bytes: " + cause.getMessage() + " (expected: " + compressor + ")",
                cause);
    }

    /** A compressor failed with a message that was to be sent. */
    public StatusException notCompressible(String compressor, int bytes, Throwable cause) {
        return status(
                StatusCode.INTERNAL,
                "message of " + bytes + " bytes could not be compressed with " + compressor + ": " + cause.getMessage(),
                cause);
    }

    /** DATA with the end of the stream, and no trailers. */
    public StatusException trailersMissing() {
        return status(StatusCode.INTERNAL, "server closed the stream without sending trailers");
    }

    /** DATA before any HEADERS of a response. */
    public StatusException dataBeforeHead() {
        return status(StatusCode.INTERNAL, "DATA of a response came before its HEADERS (expected: after them)");
    }

    /** HEADERS after the head that do not end the stream. */
    public StatusException secondHead() {
        return status(
                StatusCode.INTERNAL,
                "HEADERS of the " + peer() + " in the middle of a stream (expected: only with END_STREAM)");
    }

    /** A header list that is to be sent is larger than this side sends. */
    public StatusException headerListTooLarge(Http2Headers headers, long limit) {
        return status(StatusCode.INTERNAL, sizeOf(headers) + "at most " + limit + ", what this side sends)");
    }

    /** A header list that is to be sent is larger than its receiver has said that it takes. */
    public StatusException headerListTooLargeForPeer(Http2Headers headers, long limit) {
        return status(StatusCode.INTERNAL, tooLargeForPeer(headers, limit));
    }

    /**
     * The entries that a user sets make the header list larger than its receiver takes. Nothing of them has been sent.
     */
    public IllegalArgumentException entriesTooLargeForPeer(Http2Headers headers, long limit) {
        return new IllegalArgumentException(tooLargeForPeer(headers, limit));
    }

    private String tooLargeForPeer(Http2Headers headers, long limit) {
        return sizeOf(headers) + "less than " + limit + ", the SETTINGS_MAX_HEADER_LIST_SIZE of the " + peer() + ")";
    }

    private static String sizeOf(Http2Headers headers) {
        return "header list of " + HeaderListSize.of(headers) + " bytes, with " + HeaderListSize.largest(headers)
                + " (expected: ";
    }

    /** A header list that came is larger than this side takes. */
    public StatusException headerListTooLargeToRead(long limit) {
        return status(
                StatusCode.INTERNAL,
                "the header list of the " + peer() + " is too large (expected: at most " + limit
                        + " bytes, the setting maxHeaderListBytes, announced as SETTINGS_MAX_HEADER_LIST_SIZE)");
    }

    /** The connection ended under a stream. */
    public StatusException connectionLost(String detail, @Nullable Throwable cause) {
        return switch (this) {
            case CLIENT ->
                status(
                        StatusCode.UNAVAILABLE,
                        "connection error: desc = \"error reading from server, " + detail + "\"",
                        cause);
            case SERVER ->
                status(
                        StatusCode.CANCELLED,
                        "transport: connection EOF [triggered by remote service]"
                                + (detail.isEmpty() ? "" : ": " + detail),
                        cause);
        };
    }

    /** A client's connection ended, and nothing says why; {@code server} is null when it was never known to be connected. */
    public static StatusException connectionClosed(@Nullable SocketAddress server) {
        return CLIENT.connectionLost(
                "connection" + (server == null ? "" : " to " + text(server)) + " was closed", null);
    }

    private static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return address.toString();
        }
        String host = inet.getHostString();
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + inet.getPort();
    }

    /** The connection is closing: no new stream starts on it. */
    public StatusException transportClosing(String detail) {
        return status(StatusCode.UNAVAILABLE, "transport is closing" + (detail.isEmpty() ? "" : ": " + detail));
    }

    /** The server said with GOAWAY that it did not process the stream. */
    public StatusException draining(long errorCode, String debug) {
        return status(
                StatusCode.UNAVAILABLE,
                "the connection is draining: " + goAway(errorCode, debug) + "; the server did not process the stream");
    }

    /** What a GOAWAY says. */
    public static String goAway(long errorCode, String debug) {
        return "GOAWAY with error code " + ResetCodes.name(errorCode)
                + (debug.isEmpty() ? "" : ", '" + HeaderText.shown(debug) + "'");
    }

    private String peer() {
        return switch (this) {
            case CLIENT -> "server";
            case SERVER -> "client";
        };
    }

    /** The server stops, and waits no longer for its running streams. */
    public StatusException gracefulShutdown() {
        return status(StatusCode.UNAVAILABLE, "graceful shutdown");
    }
}
