package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.streamx.RpcException;
import io.streamx.net.ConnectionEvents;
import io.streamx.net.FrameCutter;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Limits;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeSource;
import io.streamx.wire.UnaryProtocol;
import io.streamx.wire.UnaryProtocol.Head;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of clients have in common, whether they carry one call at a time or many: requests are encoded by the
 * thread of their caller, replies are cut out of the bytes that come, and a connection that is spent takes no more calls.
 */
abstract class ClientConnectionShell extends ChannelInboundHandlerAdapter
        implements UnaryProtocol.Connection, MessageFraming.Receiver {
    private final Channel channel;
    private final RequestEncoder encoder;
    private final FrameCutter cutter;
    private final ReplyTimeout replyTimeout;
    private final int maxMessageBytes;
    private volatile boolean spent;
    /** The peer has answered a call, so it reads what is sent here. */
    private volatile boolean answered;

    // Only the event loop uses the following fields.
    private @Nullable SocketAddress peer;
    private @Nullable Throwable failure;

    ClientConnectionShell(Channel channel, Limits limits, RequestEncoder encoder) {
        this.channel = channel;
        this.encoder = encoder;
        maxMessageBytes = limits.maxMessageBytes();
        cutter = new FrameCutter(new MessageFraming(limits, this));
        replyTimeout = new ReplyTimeout(
                channel.eventLoop(),
                TimeSource.of(channel),
                cutter,
                () -> onMalformed(ReplyTimeout.EXPIRED, new RpcException(ReplyTimeout.EXPIRED)));
    }

    // ---- any thread ----

    @Override
    public final Channel channel() {
        return channel;
    }

    @Override
    public final boolean isUsable() {
        return !spent && channel.isActive();
    }

    /** A reply came. */
    final void answered() {
        answered = true;
    }

    @Override
    public final String hintForSilence() {
        return answered ? "" : encoder.hintForSilentPeers();
    }

    final boolean isSpent() {
        return spent;
    }

    /** Takes no more calls; those under way go on. */
    final void spend() {
        spent = true;
    }

    @Override
    public final <Req, Res> UnaryProtocol.Pending<Res> call(MethodDescriptor<Req, Res> method, Req request, Head head) {
        PendingCall<Res> call = new PendingCall<>(method);
        ByteBuf bytes = encoder.encode(method, request, head, call.seqId());
        call.carries(encoder.payloadBytes(bytes, method));
        try {
            begin(call, bytes);
        } catch (RejectedExecutionException loopHasEnded) {
            throw new RpcException(method + " could not be sent: its client is closed", loopHasEnded);
        }
        return call;
    }

    /**
     * Has a request sent on the event loop. Takes ownership of {@code bytes}. On the caller's thread.
     *
     * @throws RejectedExecutionException when the event loop has ended
     */
    abstract void begin(PendingCall<?> call, ByteBuf bytes);

    // ---- event loop ----

    /** The address of the server; null before the connection was made. */
    final @Nullable SocketAddress peer() {
        return peer;
    }

    /** Why the connection failed, for a call that comes too late to have been on it; null when it has not failed. */
    final @Nullable Throwable failure() {
        return failure;
    }

    /** All that one read of the socket has brought was looked at. */
    void afterRead() {}

    /** What came is no reply, and nobody knows where the next one begins. */
    abstract void onMalformed(String what, RpcException malformed);

    /** The connection broke. */
    abstract void onFailure(String what, Throwable cause);

    @Override
    public final void channelActive(ChannelHandlerContext ctx) throws Exception {
        peer = channel.remoteAddress();
        super.channelActive(ctx);
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            int bytes = in.readableBytes();
            cutter.feed(in);
            replyTimeout.received(bytes);
        } catch (RpcException malformed) {
            onMalformed(
                    "got an answer that is no Thrift message: " + malformed.getMessage() + " (expected: "
                            + MessageFraming.EXPECTED + ")",
                    malformed);
        } finally {
            in.release();
            afterRead();
        }
    }

    @Override
    public final boolean isPaused() {
        return !channel.isActive();
    }

    /** The text of a failure by a reply that is too large. */
    final String oversized(String bytes) {
        return "got a reply of " + bytes + " bytes (expected: at most " + maxMessageBytes
                + ", the largest message allowed here)";
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = cause;
        ConnectionEvents.closedBecause(channel, Thrown.text(cause));
        onFailure("the connection failed: " + cause.getMessage(), cause);
    }
}
