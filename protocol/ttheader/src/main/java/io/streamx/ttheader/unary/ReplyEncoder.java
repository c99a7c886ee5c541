package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.DeclaredException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.thrift.MessageHeader;
import io.streamx.thrift.ThriftType;
import io.streamx.ttheader.BizStatusEntries;
import io.streamx.ttheader.HandlerFailures;
import io.streamx.ttheader.ToldStatus;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.wire.Limits;
import io.streamx.wire.Logs;
import io.streamx.wire.ServerRuntime.Outcome;
import io.streamx.wire.ServerRuntime.Stage;
import io.streamx.wire.Thrown;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the replies of a server, each on the carrier of its request. Any thread may use an encoder, and the caller owns
 * what it returns.
 *
 * <p>Source: docs/protocol/unary.md "5. Server".
 */
final class ReplyEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyEncoder.class);

    /** More methods than that are no methods but names that somebody makes up. */
    private static final int MAX_WARNED = 1000;

    /** Methods of whose lost business errors the log has told. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private final MessageWriter writer;
    private final byte[] plainReply;
    private final byte[] plainException;
    private final int maxMessageBytes;

    ReplyEncoder(Limits limits) {
        writer = new MessageWriter(limits);
        plainReply = writer.ttheader(TTHeader.Flags.NONE, ints(MessageHeader.Type.REPLY), Map.of());
        plainException = writer.ttheader(TTHeader.Flags.NONE, ints(MessageHeader.Type.EXCEPTION), Map.of());
        maxMessageBytes = limits.maxMessageBytes();
    }

    // ---- what was run ----

    /**
     * The reply with the outcome of a call. In place of an outcome that cannot be encoded it has an error that says so.
     *
     * @param backward what the handler sends back beside the outcome
     * @param closes whether the connection closes behind the reply
     * @param unsendable is told why the outcome cannot be encoded, when it cannot
     * @throws RpcException when the limit is so small that not even the error fits
     */
    <Res> ByteBuf outcome(
            ReceivedMessage request,
            MethodDescriptor<?, Res> method,
            Outcome<Res> outcome,
            Map<String, String> backward,
            boolean closes,
            Consumer<Throwable> unsendable) {
        Map<String, String> entries = closes ? announceClose(new LinkedHashMap<>(backward)) : backward;
        try {
            return reply(request, method, outcome, entries);
        } catch (Throwable e) {
            // The result is too large, too deep or lacks a required field, or the entries are more than a header holds.
            Logs.warn(LOG, "{}: the reply cannot be sent", method, e);
            unsendable.accept(e);
            return exception(
                    request,
                    ApplicationException.outcome(
                            ApplicationException.INTERNAL_ERROR, "the reply cannot be sent: " + Thrown.text(e)),
                    closes ? announceClose(new LinkedHashMap<>(2)) : Map.of());
        }
    }

    /** Said once for each method: a caller on such a carrier has the same answer time and again. */
    private void warnOfLoss(ReceivedMessage request, MethodDescriptor<?, ?> method, BizStatusException business) {
        if (WARNED.size() < MAX_WARNED && WARNED.add(method.toString())) {
            StackTraceElement[] trace = business.getStackTrace();
            Logs.warn(
                    LOG,
                    "{}: '{}', thrown at {}, is lost to the caller, whose carrier {} has no room for it (expected:"
                            + " TTHEADER_FRAMED). Further ones of this method are not told of",
                    method,
                    Thrown.text(business),
                    trace.length == 0 ? "an unknown place" : trace[0],
                    request.carrier());
        }
    }

    private <Res> ByteBuf reply(
            ReceivedMessage request,
            MethodDescriptor<?, Res> method,
            Outcome<Res> outcome,
            Map<String, String> entries) {
        Throwable failure = outcome.failure();
        ResultCodec<Res> codec = method.resultCodec();
        if (failure == null) {
            return result(request, entries, out -> codec.encodeResult(outcome.result(), out));
        }
        if (outcome.stage() == Stage.DECODING) {
            return exception(
                    request,
                    ApplicationException.outcome(ApplicationException.PROTOCOL_ERROR, Thrown.text(failure)),
                    entries);
        }
        if (failure instanceof DeclaredException) {
            ByteBuf declared = Unpooled.buffer();
            if (codec.encodeException(failure, declared)) {
                return result(request, entries, out -> out.writeBytes(declared));
            }
        }
        boolean fromHandler = outcome.stage() == Stage.HANDLER;
        BizStatusException business = HandlerFailures.business(failure, fromHandler);
        if (business == null) {
            ApplicationException told = HandlerFailures.application(failure, fromHandler, method.toString());
            return exception(request, told, entries);
        }
        Map<String, String> withStatus = entries;
        if (request.isOnTTHeader()) {
            withStatus = new LinkedHashMap<>(entries);
            BizStatusEntries.add(business, withStatus);
        } else {
            warnOfLoss(request, method, business);
        }
        return result(request, withStatus, out -> writeNoResult(request.format(), out));
    }

    // ---- what was not ----

    /** The reply to a request that is not run; {@code closes} says whether the connection closes behind it. */
    ByteBuf rejection(ReceivedMessage request, ApplicationException reason, boolean closes) {
        return exception(request, reason, closes ? announceClose(new LinkedHashMap<>(2)) : Map.of());
    }

    /** The reply to a request whose method is a stream, in the words of Kitex but for its Go type. */
    ByteBuf streamingMethod(ReceivedMessage request, MethodDescriptor<?, ?> method) {
        return exception(
                request,
                ApplicationException.outcome(
                        ApplicationException.INTERNAL_ERROR,
                        "biz error: cannot get streamx.ServerStream from type: unary call of " + method + ", a "
                                + method.mode() + " method"),
                Map.of());
    }

    /** The reply to a request that is larger than the limit and was skipped. */
    ByteBuf oversizedRequest(ReceivedMessage head, long messageBytes) {
        return exception(
                head,
                ApplicationException.outcome(
                        ApplicationException.PROTOCOL_ERROR,
                        "request of " + head.size(messageBytes) + " bytes (expected: at most " + maxMessageBytes
                                + ", the largest message this server takes)"),
                Map.of());
    }

    /**
     * The message that tells a client which takes replies in any order that no further call is wanted. It is the reply
     * to no call.
     */
    ByteBuf closeAnnouncement() {
        return writer.write(
                PingPong.TTHEADER,
                PayloadFormat.THRIFT,
                TTHeader.Flags.NONE,
                Map.of(),
                announceClose(new LinkedHashMap<>(2)),
                new MessageHeader(MessageHeader.Type.REPLY, "none", 0),
                out -> out.writeByte(ThriftType.STOP));
    }

    // ---- messages ----

    private static Map<String, String> announceClose(Map<String, String> entries) {
        entries.put(StringKey.CONNECTION_RESET, "1");
        return entries;
    }

    private ByteBuf result(ReceivedMessage request, Map<String, String> entries, Consumer<ByteBuf> struct) {
        return write(request, MessageHeader.Type.REPLY, entries, struct);
    }

    private ByteBuf exception(ReceivedMessage request, ApplicationException failure, Map<String, String> entries) {
        Map<String, String> all = request.isOnTTHeader() ? ToldStatus.added(entries, failure) : entries;
        return write(request, MessageHeader.Type.EXCEPTION, all, out -> writeException(request.format(), failure, out));
    }

    private ByteBuf write(
            ReceivedMessage request, MessageHeader.Type type, Map<String, String> entries, Consumer<ByteBuf> struct) {
        MessageHeader header = new MessageHeader(
                type, request.header().name(), request.header().seqId());
        if (request.isOnTTHeader() && entries.isEmpty()) {
            byte[] ttheader = type == MessageHeader.Type.REPLY ? plainReply : plainException;
            return writer.write(request.carrier(), request.format(), ttheader, header, struct);
        }
        return writer.write(
                request.carrier(), request.format(), TTHeader.Flags.NONE, ints(type), entries, header, struct);
    }

    private static Map<Integer, String> ints(MessageHeader.Type type) {
        return Map.of(IntKey.MESSAGE_TYPE, Integer.toString(type.value()));
    }

    /** The result of a method that returns nothing, or failed in a way that is told beside it. */
    private static void writeNoResult(PayloadFormat format, ByteBuf out) {
        switch (format) {
            case THRIFT -> out.writeByte(ThriftType.STOP);
            case PROTOBUF -> {} // an empty message
        }
    }

    private static void writeException(PayloadFormat format, ApplicationException failure, ByteBuf out) {
        switch (format) {
            case THRIFT -> ExceptionMessage.CODEC.encode(failure, out);
            case PROTOBUF -> ErrorProto.encode(failure, out);
        }
    }
}
