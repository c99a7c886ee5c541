package io.streamx.ttheader.unary;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.ConnectionLostException;
import io.streamx.RpcException;
import io.streamx.service.MethodDescriptor;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.BizStatusEntries;
import io.streamx.ttheader.TTHeaderMetainfo;
import io.streamx.ttheader.ToldStatus;
import io.streamx.wire.NotSentException;
import io.streamx.wire.UnaryProtocol;
import io.streamx.wire.UnaryProtocol.Reply;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call whose request is on its way: completed with the reply, or with an {@link RpcException}. */
final class PendingCall<Res> extends UnaryProtocol.Pending<Res> {
    private final MethodDescriptor<?, Res> method;
    private final int seqId;
    private int requestBytes;
    /** The reply that has come and that the caller does not know of yet. Only the event loop uses the field. */
    private @Nullable ReceivedMessage kept;

    PendingCall(MethodDescriptor<?, Res> method) {
        this.method = method;
        seqId = RequestEncoder.nextSeqId();
    }

    @Override
    public MethodDescriptor<?, Res> method() {
        return method;
    }

    int seqId() {
        return seqId;
    }

    /**
     * Says how large the encoded arguments are. To be called on the caller's thread, before anybody else sees the call.
     */
    void carries(int payloadBytes) {
        requestBytes = payloadBytes;
    }

    @Override
    public int requestBytes() {
        return requestBytes;
    }

    void replied(ReceivedMessage message) {
        complete(new MessageReply<>(this, message));
    }

    /** Keeps a reply for {@link #completeWithReply}. On the event loop. */
    void keep(ReceivedMessage message) {
        kept = message;
    }

    /** Tells the caller of the reply that was kept, which is there. On the event loop. */
    void completeWithReply() {
        ReceivedMessage message = Objects.requireNonNull(kept, "reply");
        kept = null;
        replied(message);
    }

    /** A oneway request has left. */
    void sent() {
        complete(new NoReply<>());
    }

    /** The call failed, and the peer may have run it. {@code what} goes on from the name of the method. */
    void failed(String what, @Nullable SocketAddress peer, @Nullable Throwable cause) {
        completeExceptionally(new ConnectionLostException(named(peer) + what, cause));
    }

    /** The call failed, and the peer has certainly not run it: the request has not left, or not as a whole. */
    void notSent(String why, @Nullable SocketAddress peer, @Nullable Throwable cause) {
        completeExceptionally(new NotSentException(named(peer) + "could not be sent: " + why, cause));
    }

    private String named(@Nullable SocketAddress peer) {
        return method + (peer == null ? "" : ", called at " + peer + ",") + " ";
    }

    private record NoReply<Res>() implements Reply<Res> {
        @Override
        public @Nullable Res decode() {
            return null;
        }

        @Override
        public int payloadBytes() {
            return 0;
        }

        @Override
        public Map<String, String> entries() {
            return Map.of();
        }
    }

    private record MessageReply<Res>(PendingCall<Res> call, ReceivedMessage message) implements Reply<Res> {
        @Override
        public int payloadBytes() {
            return message.struct().readableBytes();
        }

        @Override
        public Map<String, String> entries() {
            return TTHeaderMetainfo.withoutBackwardPrefix(message.strings());
        }

        @Override
        public @Nullable Res decode() {
            MessageHeader header = message.header();
            return switch (header.type()) {
                case REPLY -> result(header);
                // Name and sequence id are not looked at, because a proxy that failed may know neither.
                case EXCEPTION -> throw failure();
                case CALL, ONEWAY ->
                    throw new ApplicationException(
                            ApplicationException.INVALID_MESSAGE_TYPE,
                            call.method + " was answered with message type "
                                    + header.type().value() + " (expected: 2 or 3)");
            };
        }

        /**
         * The failure that an exception message tells of. Volo sends a business error beside an exception, for callers
         * that do not know business errors; so the business error goes first.
         */
        private RpcException failure() {
            BizStatusException business = BizStatusEntries.find(message.strings());
            return business != null ? business : exception();
        }

        private ApplicationException exception() {
            ApplicationException exception = switch (message.format()) {
                case THRIFT -> ExceptionMessage.CODEC.decode(message.struct());
                case PROTOBUF -> ErrorProto.decode(message.struct());
            };
            return ToldStatus.of(exception, message.strings());
        }

        private @Nullable Res result(MessageHeader header) {
            if (header.seqId() != call.seqId) {
                throw new ApplicationException(
                        ApplicationException.BAD_SEQUENCE_ID,
                        call.method + " was answered with sequence id " + header.seqId() + " (expected: " + call.seqId
                                + ")");
            }
            if (!header.name().equals(call.method.name())) {
                throw new ApplicationException(
                        ApplicationException.WRONG_METHOD_NAME,
                        "wrong method name, expect=" + call.method.name() + ", actual=" + header.name());
            }
            BizStatusException business = BizStatusEntries.find(message.strings());
            if (business != null) {
                throw business;
            }
            if (message.format() != call.method.format()) {
                throw new ApplicationException(
                        ApplicationException.INVALID_PROTOCOL,
                        call.method + " was answered in " + message.format() + " (expected: " + call.method.format()
                                + ")");
            }
            try {
                return call.method.resultCodec().decode(message.struct());
            } catch (ApplicationException failure) {
                throw message.isOnTTHeader() || failure.type() != ApplicationException.MISSING_RESULT
                        ? failure
                        : new ApplicationException(
                                failure.type(),
                                failure.getMessage() + ": a business error of the handler looks like this on carrier "
                                        + message.carrier()
                                        + ", which has no room for it (PingPong.TTHEADER_FRAMED has)");
            }
        }
    }
}
