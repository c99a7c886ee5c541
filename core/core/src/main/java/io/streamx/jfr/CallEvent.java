package io.streamx.jfr;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener.Summary;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** The whole life of one call. */
@Category({"StreamX", "Calls"})
@StackTrace(false)
abstract class CallEvent extends Event {
    @Label("Service")
    @Nullable
    String service;

    @Label("Method")
    @Nullable
    String method;

    @Label("Mode")
    @Description("unary, client, server or bidirectional")
    @Nullable
    String mode;

    @Label("Side")
    @Description("client or server")
    @Nullable
    String side;

    @Label("Transport")
    @Description("The transport, or the carrier of a unary call such as framed")
    @Nullable
    String transport;

    @Label("Peer")
    @Nullable
    String peer;

    @Label("Messages Sent")
    long messagesSent;

    @Label("Bytes Sent")
    @DataAmount
    long bytesSent;

    @Label("Messages Received")
    long messagesReceived;

    @Label("Bytes Received")
    @DataAmount
    long bytesReceived;

    @Label("Outcome")
    @Description("ok, or the kind of failure as in the tag code of the metrics")
    @Nullable
    String outcome;

    @Label("Failure")
    @Nullable
    String failure;

    /** Fills in what is known at the end, and writes the event unless it was shorter than what is recorded. */
    final void finish(CallInfo call, Summary summary) {
        end();
        if (!shouldCommit()) {
            return;
        }
        service = call.service();
        method = call.method();
        mode = call.mode().name().toLowerCase(Locale.ROOT);
        side = sideOf(call);
        transport = call.protocol();
        peer = String.valueOf(call.remoteAddress());
        messagesSent = summary.messagesSent();
        bytesSent = summary.bytesSent();
        messagesReceived = summary.messagesReceived();
        bytesReceived = summary.bytesReceived();
        outcome = summary.outcome();
        failure = textOf(summary.failure());
        commit();
    }

    private static @Nullable String textOf(@Nullable Throwable failure) {
        try {
            return failure == null ? null : failure.toString();
        } catch (RuntimeException | Error unprintable) {
            return failure.getClass().getName();
        }
    }

    static String sideOf(CallInfo call) {
        return call instanceof CallContext ? "server" : "client";
    }

    /** A stream. */
    @Name("io.streamx.Stream")
    @Label("Stream")
    @Description("A stream, from its opening to its end")
    static final class OfStream extends CallEvent {}

    /** A unary call. Most are short, so that the threshold leaves the slow ones. */
    @Name("io.streamx.UnaryCall")
    @Label("Unary Call")
    @Description("A unary call, from its start to its outcome")
    @Threshold("20 ms")
    static final class OfUnaryCall extends CallEvent {}
}
