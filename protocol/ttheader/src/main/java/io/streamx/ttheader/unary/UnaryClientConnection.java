package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.streamx.RpcException;
import io.streamx.net.FrameCutter;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Limits;
import io.streamx.wire.UnaryProtocol;
import io.streamx.wire.UnaryProtocol.Head;
import io.streamx.wire.UnaryProtocol.Reply;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that carries one call at a time. {@link #call} is for one thread after another; the rest is the
 * event loop's.
 */
final class UnaryClientConnection extends ChannelInboundHandlerAdapter
        implements UnaryProtocol.Connection, MessageFraming.Receiver {
    private static final String CLOSED = "the connection was closed";

    private final Channel channel;
    private final RequestEncoder encoder;
    private final FrameCutter cutter;
    private final int maxMessageBytes;
    private final AtomicReference<@Nullable PendingCall<?>> pending = new AtomicReference<>();
    private volatile boolean spent;
    /** A server whose IDL says otherwise answers a oneway request; that answer belongs to no later call. */
    private volatile int onewaySeqId;

    /** The call whose request has been handed to the channel; what waits for the event loop is not on its way yet. */
    private @Nullable PendingCall<?> leaving;

    private @Nullable SocketAddress peer;
    /** The peer has answered a call, so it reads what is sent here. */
    private boolean answered;
    /** Why the connection failed, for a call that comes too late to have been there. On the event loop. */
    private @Nullable Throwable failure;

    UnaryClientConnection(Channel channel, Limits limits, RequestEncoder encoder) {
        this.channel = channel;
        this.encoder = encoder;
        maxMessageBytes = limits.maxMessageBytes();
        cutter = new FrameCutter(new MessageFraming(limits, this));
    }

    // ---- callers' threads ----

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean isUsable() {
        return !spent && channel.isActive();
    }

    @Override
    public <Req, Res> UnaryProtocol.Pending<Res> call(MethodDescriptor<Req, Res> method, Req request, Head head) {
        PendingCall<Res> call = new PendingCall<>(method);
        ByteBuf bytes = encoder.encode(method, request, head, call.seqId());
        call.carries(encoder.payloadBytes(bytes, method));
        if (!pending.compareAndSet(null, call)) {
            bytes.release();
            throw new IllegalStateException(method + " was called while the connection carries another call");
        }
        if (method.isOneway()) {
            onewaySeqId = call.seqId();
        }
        try {
            channel.eventLoop().execute(() -> send(call, bytes));
        } catch (RejectedExecutionException loopHasEnded) {
            bytes.release();
            pending.set(null);
            throw new RpcException(method + " could not be sent: its client is closed", loopHasEnded);
        }
        return call;
    }

    @Override
    public void abandon(CompletableFuture<? extends Reply<?>> reply) {
        close();
    }

    @Override
    public int activeCalls() {
        return pending.get() == null ? 0 : 1;
    }

    // ---- event loop ----

    private void send(PendingCall<?> call, ByteBuf bytes) {
        if (pending.get() != call || call.isDone()) {
            // The connection ended, or the call was given up, while it waited for its turn.
            bytes.release();
            return;
        }
        leaving = call;
        channel.writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess()) {
                Throwable why = failure != null ? failure : written.cause();
                if (pending.compareAndSet(call, null)) {
                    call.notSent(ended(why), peer, why);
                }
            } else if (call.method().isOneway() && pending.compareAndSet(call, null)) {
                call.sent();
            }
        });
    }

    private static String ended(Throwable cause) {
        return cause instanceof ClosedChannelException ? CLOSED : "the connection failed: " + cause.getMessage();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        peer = channel.remoteAddress();
        super.channelActive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            cutter.feed(in);
        } catch (RpcException malformed) {
            failReply(
                    "got an answer that is no Thrift message: " + malformed.getMessage() + " (expected: "
                            + MessageFraming.EXPECTED + ")",
                    malformed);
            close();
        } finally {
            in.release();
        }
    }

    @Override
    public void onMessage(ReceivedMessage message) {
        answered = true;
        if (message.announcesClose()) {
            spent = true;
        }
        PendingCall<?> call = pending.get();
        int seqId = message.header().seqId();
        if (seqId != 0 && seqId == onewaySeqId && (call == null || call.seqId() != seqId)) {
            // Not 0: that is what a proxy answers that knows no better.
            return;
        }
        if (call == null || !pending.compareAndSet(call, null)) {
            // Nobody asked: whatever comes next could be taken for the reply to the next call.
            close();
            return;
        }
        call.replied(message);
        if (spent) {
            channel.close();
        }
    }

    @Override
    public void onOversized(ReceivedMessage head, long messageBytes) {
        failReply(
                "got a reply of " + head.size(messageBytes) + " bytes (expected: at most " + maxMessageBytes
                        + ", the largest message allowed here)",
                null);
        close();
    }

    @Override
    public void retire() {
        spent = true;
        if (pending.get() == null) {
            channel.close();
        }
    }

    @Override
    public boolean isPaused() {
        return !channel.isActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(CLOSED, null);
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = cause;
        fail("the connection failed: " + cause.getMessage(), cause);
        close();
    }

    /** The connection has ended under its call, if it has one. */
    private void fail(String why, @Nullable Throwable cause) {
        PendingCall<?> call = pending.getAndSet(null);
        if (call == null) {
            return;
        }
        if (call == leaving) {
            call.failed("got no reply: " + why + (answered ? "" : encoder.hintForSilentPeers()), peer, cause);
        } else {
            call.notSent(why, peer, cause);
        }
    }

    /** What came is no reply. */
    private void failReply(String what, @Nullable Throwable cause) {
        PendingCall<?> call = pending.getAndSet(null);
        if (call != null) {
            call.failed(what, peer, cause);
        }
    }

    private void close() {
        spent = true;
        channel.close();
    }
}
