package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ContextCancelledException;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.wire.TimeLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {
    private static void assertStatus(StatusException status, int code, String message) {
        assertThat(status.code()).isEqualTo(code);
        assertThat(status.statusMessage()).isEqualTo(message);
        assertThat(status.getStackTrace()).isEmpty();
    }

    // ---- resets ----

    @ParameterizedTest
    @CsvSource({
        "0, NO_ERROR, 13",
        "1, PROTOCOL_ERROR, 13",
        "2, INTERNAL_ERROR, 13",
        "3, FLOW_CONTROL_ERROR, 8",
        "4, SETTINGS_TIMEOUT, 13",
        "5, STREAM_CLOSED, 13",
        "6, FRAME_SIZE_ERROR, 13",
        "7, REFUSED_STREAM, 14",
        "8, CANCEL, 1",
        "9, COMPRESSION_ERROR, 13",
        "10, CONNECT_ERROR, 13",
        "11, ENHANCE_YOUR_CALM, 8",
        "12, INADEQUATE_SECURITY, 7",
        "13, HTTP_1_1_REQUIRED, 13",
        "14, 14, 2",
        "999, 999, 2",
        "4294967295, 4294967295, 2",
    })
    void eachResetCodeHasItsStatusAtAClient(long errorCode, String name, int code) {
        assertStatus(
                ResetCodes.atClient(errorCode, false),
                code,
                "stream terminated by RST_STREAM with error code: " + name);
    }

    @Test
    void aCancelAfterTheDeadlineIsTheDeadline() {
        assertThat(ResetCodes.atClient(8, true).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(ResetCodes.atClient(7, true).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void kitexOwnCodeIsAGracefulShutdown() {
        assertStatus(ResetCodes.atClient(1000, false), StatusCode.UNAVAILABLE, "graceful shutdown");
        assertStatus(ResetCodes.atServer(1000, "a"), StatusCode.UNAVAILABLE, "graceful shutdown");
    }

    @Test
    void aServerNamesWhoResetAStream() {
        assertStatus(
                ResetCodes.atServer(8, "caller"),
                StatusCode.CANCELLED,
                "transport: RSTStream Frame received with error code: CANCEL [triggered by caller]");
        assertStatus(
                ResetCodes.atServer(99, ""),
                StatusCode.CANCELLED,
                "transport: RSTStream Frame received with error code: 99 [triggered by remote service]");
    }

    // ---- local errors ----

    @ParameterizedTest
    @EnumSource
    void whatEndsAStreamHasKitexCodesAndTexts(GrpcFailures failures) {
        TimeLimit limit = new TimeLimit(Duration.ofMillis(1500), "the client's setting");
        assertStatus(failures.sendAfterCloseSend(), 13, "the stream is done");
        assertStatus(failures.sendAfterEnd(), 13, "the stream is done");
        assertStatus(failures.canceled(""), 1, "context canceled");
        assertStatus(failures.canceled("enough"), 1, "context canceled: enough");
        assertStatus(failures.handlerReturned(), 1, "transport: canceled by business handler returning");
        assertStatus(
                failures.recvTimeout(RecvTimeout.of(Duration.ofMillis(150)), "the call", Duration.ofNanos(150_900_000)),
                17,
                "stream Recv timeout, timeout config={Timeout:150ms DisableCancelRemote:false}, set by the call;"
                        + " waited 150ms");
        assertStatus(
                failures.streamTimeout(limit, Duration.ofMillis(1501)),
                4,
                "context deadline exceeded: timeout 1.5s, set by the client's setting; passed 1.501s");
        assertThat(failures.idleTimeout(limit, Duration.ofMillis(1501)).code()).isEqualTo(4);
        assertStatus(
                failures.tooManyUnreadBytes(77, Duration.ofSeconds(1)),
                8,
                "stream ended with 77 unread bytes: it kept its connection from being read for 1s"
                        + " while another stream waited for a message");
        assertStatus(
                failures.messageTooLarge(20, 10),
                8,
                "message of 20 bytes (expected: at most 10, the setting maxMessageBytes)");
        assertThat(failures.headerAlreadySent().code()).isEqualTo(13);
    }

    @Test
    void anEnclosingCallsEndIsTheStreams() {
        StatusException parent = new StatusException(14, "graceful shutdown");
        assertStatus(GrpcFailures.CLIENT.canceledByParent(parent), 14, "graceful shutdown");
        assertThat(GrpcFailures.CLIENT.canceledByParent(parent)).hasCause(parent);
        assertStatus(
                GrpcFailures.CLIENT.canceledByParent(new ContextCancelledException("shutting down")),
                1,
                "context canceled: shutting down");
        RpcException other = new RpcException("something else");
        assertStatus(GrpcFailures.CLIENT.canceledByParent(other), 1, "context canceled: something else");
    }

    @Test
    void eachEndNamesTheOther() {
        assertStatus(
                GrpcFailures.CLIENT.messageCutShort(7),
                13,
                "unexpected EOF: the server ended its messages within one (expected: 7 more bytes)");
        assertStatus(GrpcFailures.SERVER.messageMissing(), 12, "EOF: the client sent no message (expected: one)");
        assertStatus(
                GrpcFailures.CLIENT.secondMessage(),
                12,
                "grpc client streaming protocol violation: the server sent a second message (expected: one)");
    }

    @Test
    void aLostConnectionAtBothEnds() {
        IOException cause = new IOException("reset by peer");
        StatusException client = GrpcFailures.CLIENT.connectionLost("EOF", cause);
        assertStatus(client, 14, "connection error: desc = \"error reading from server, EOF\"");
        assertThat(client).hasCause(cause);
        assertStatus(
                GrpcFailures.connectionClosed(InetSocketAddress.createUnresolved("echo.local", 8888)),
                14,
                "connection error: desc = \"error reading from server, connection to echo.local:8888 was closed\"");
        assertStatus(
                GrpcFailures.connectionClosed(new InetSocketAddress("::1", 8888)),
                14,
                "connection error: desc = \"error reading from server, connection to [0:0:0:0:0:0:0:1]:8888 was"
                        + " closed\"");
        assertStatus(
                GrpcFailures.connectionClosed(null),
                14,
                "connection error: desc = \"error reading from server, connection was closed\"");
        assertStatus(
                GrpcFailures.SERVER.connectionLost("", null),
                1,
                "transport: connection EOF [triggered by remote service]");
        assertStatus(GrpcFailures.CLIENT.transportClosing("idle"), 14, "transport is closing: idle");
        assertStatus(
                GrpcFailures.CLIENT.draining(11, "too_many_pings"),
                14,
                "the connection is draining: GOAWAY with error code ENHANCE_YOUR_CALM, 'too_many_pings';"
                        + " the server did not process the stream");
    }
}
