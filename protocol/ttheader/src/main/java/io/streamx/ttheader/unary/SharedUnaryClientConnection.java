package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import io.streamx.RpcException;
import io.streamx.net.BatchWriter;
import io.streamx.net.FrameCutter;
import io.streamx.service.MethodDescriptor;
import io.streamx.thrift.MessageHeader;
import io.streamx.wire.Limits;
import io.streamx.wire.UnaryProtocol;
import io.streamx.wire.UnaryProtocol.Head;
import io.streamx.wire.UnaryProtocol.Reply;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that carries any number of calls at once. Callers queue encoded requests; the event loop writes
 * all that are there and flushes once, and matches replies by the sequence id of their TTHeader.
 *
 * <p>Source: docs/protocol/unary.md "7. Oneway and multiplexing".
 */
final class SharedUnaryClientConnection extends ChannelInboundHandlerAdapter
        implements UnaryProtocol.Connection, MessageFraming.Receiver {
    private final Channel channel;
    private final RequestEncoder encoder;
    private final FrameCutter cutter;
    private final int maxMessageBytes;
    private final TaskQueue queue;
    private final IntObjectHashMap<PendingCall<?>> pending = new IntObjectHashMap<>();
    /** Oneway requests that the network has not taken yet. */
    private final List<PendingCall<?>> unsent = new ArrayList<>();

    private volatile boolean spent;
    private @Nullable BatchWriter out;
    private @Nullable SocketAddress peer;
    /** Why the connection failed, for a call that comes too late to have been there. On the event loop. */
    private @Nullable Throwable failure;

    SharedUnaryClientConnection(Channel channel, Limits limits, RequestEncoder encoder) {
        this.channel = channel;
        this.encoder = encoder;
        maxMessageBytes = limits.maxMessageBytes();
        cutter = new FrameCutter(new MessageFraming(limits, this));
        queue = new TaskQueue(channel.eventLoop(), this::flush);
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
        try {
            queue.offer(() -> send(call, bytes));
        } catch (RejectedExecutionException loopHasEnded) {
            throw new RpcException(method + " could not be sent: its client is closed", loopHasEnded);
        }
        return call;
    }

    @Override
    public void abandon(CompletableFuture<? extends Reply<?>> reply) {
        PendingCall<?> call = (PendingCall<?>) reply;
        try {
            queue.offer(() -> forget(call));
        } catch (RejectedExecutionException loopHasEnded) {
            // It was forgotten with its connection.
        }
    }

    // ---- event loop ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        out = new BatchWriter(ctx);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        peer = channel.remoteAddress();
        super.channelActive(ctx);
    }

    private void send(PendingCall<?> call, ByteBuf bytes) {
        if (out == null || spent || !channel.isActive()) {
            // Also where the server has announced its end since the call chose this connection.
            bytes.release();
            call.notSent(
                    failure == null ? "the connection was closed" : String.valueOf(failure.getMessage()),
                    peer,
                    failure);
        } else if (call.isDone()) {
            // Given up while it was queued.
            bytes.release();
        } else {
            if (call.method().isOneway()) {
                unsent.add(call);
            } else {
                pending.put(call.seqId(), call);
            }
            out.write(bytes);
        }
    }

    /** All that was queued has been written. */
    private void flush() {
        if (out != null) {
            out.flush();
        }
        confirmSent();
    }

    private void confirmSent() {
        if (!unsent.isEmpty() && channel.isWritable()) {
            unsent.forEach(PendingCall::sent);
            unsent.clear();
            closeIfDone();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        confirmSent();
        super.channelWritabilityChanged(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            cutter.feed(in);
        } catch (RpcException malformed) {
            endAll(
                    "got an answer that is no Thrift message: " + malformed.getMessage() + " (expected: "
                            + MessageFraming.EXPECTED + ")",
                    malformed);
        } finally {
            in.release();
        }
    }

    @Override
    public void onMessage(ReceivedMessage message) {
        if (message.announcesClose()) {
            spent = true;
        }
        PendingCall<?> call = pending.remove(message.frameSeqId());
        if (call != null) {
            call.replied(message);
        } else if (message.frameSeqId() == 0 && message.header().type() == MessageHeader.Type.EXCEPTION) {
            endAll("got no reply: the connection failed", null);
        }
        // Any other is late: nobody waits for it any more.
        closeIfDone();
    }

    @Override
    public void onOversized(ReceivedMessage head, long messageBytes) {
        PendingCall<?> call = pending.remove(head.frameSeqId());
        if (call != null) {
            call.failed(
                    "got a reply of " + messageBytes + " bytes (expected: at most " + maxMessageBytes
                            + ", the largest message allowed here)",
                    peer,
                    null);
        }
    }

    private void forget(PendingCall<?> call) {
        pending.remove(call.seqId());
        closeIfDone();
    }

    @Override
    public int activeCalls() {
        return pending.size() + unsent.size();
    }

    @Override
    public void retire() {
        spent = true;
        // Who found it usable a moment ago has its call in the queue before this.
        queue.offer(this::closeIfDone);
    }

    private void closeIfDone() {
        if (spent && activeCalls() == 0) {
            channel.close();
        }
    }

    @Override
    public boolean isPaused() {
        return !channel.isActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        endAll("got no reply: the connection was closed", null);
        if (out != null) {
            out.discard();
        }
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = cause;
        endAll("got no reply: the connection failed: " + cause.getMessage(), cause);
    }

    private void endAll(String what, @Nullable Throwable cause) {
        spent = true;
        List<PendingCall<?>> calls = new ArrayList<>(pending.values());
        calls.addAll(unsent);
        pending.clear();
        unsent.clear();
        calls.forEach(call -> call.failed(what, peer, cause));
        channel.close();
    }
}
