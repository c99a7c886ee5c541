package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.collection.IntObjectHashMap;
import io.streamx.RpcException;
import io.streamx.net.BatchWriter;
import io.streamx.thrift.MessageHeader;
import io.streamx.wire.Limits;
import io.streamx.wire.UnaryProtocol.Pending;
import io.streamx.wire.UnaryProtocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that carries any number of calls at once. Callers queue encoded requests; the event loop writes
 * all that are there and flushes once, and matches replies by the sequence id of their TTHeader.
 *
 * <p>Source: docs/protocol/unary.md "7. Oneway and multiplexing".
 */
final class SharedUnaryClientConnection extends ClientConnectionShell {
    private final TaskQueue queue;
    private final IntObjectHashMap<PendingCall<?>> pending = new IntObjectHashMap<>();
    /** Oneway requests that the network has not taken yet. */
    private final List<PendingCall<?>> unsent = new ArrayList<>();
    /** Calls whose replies came with the read of the socket that is being looked at. */
    private final List<PendingCall<?>> replied = new ArrayList<>();

    private @Nullable BatchWriter out;

    SharedUnaryClientConnection(Channel channel, Limits limits, RequestEncoder encoder) {
        super(channel, limits, encoder);
        queue = new TaskQueue(channel.eventLoop(), this::flush);
    }

    // ---- callers' threads ----

    @Override
    void begin(PendingCall<?> call, ByteBuf bytes) {
        queue.offer(() -> send(call, bytes));
    }

    @Override
    public void abandon(CompletableFuture<? extends Reply<?>> reply) {
        PendingCall<?> call = (PendingCall<?>) reply;
        try {
            queue.offer(() -> forget(call));
        } catch (RejectedExecutionException loopHasEnded) {
            // The call was forgotten with its connection.
        }
    }

    // ---- event loop ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        out = new BatchWriter(ctx);
    }

    private void send(PendingCall<?> call, ByteBuf bytes) {
        if (out == null || !isUsable()) {
            // The connection has ended, or its server has announced its end, since the call chose it.
            bytes.release();
            call.notSent(
                    failure() == null
                            ? "the connection was closed"
                            : String.valueOf(failure().getMessage()),
                    peer(),
                    failure());
        } else if (call.isDone()) {
            // The call was given up while it was queued.
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
        if (!unsent.isEmpty() && channel().isWritable()) {
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
    public void onMessage(ReceivedMessage message) {
        answered();
        if (message.announcesClose()) {
            spend();
        }
        PendingCall<?> call = pending.remove(message.frameSeqId());
        if (call != null) {
            call.keep(message);
            replied.add(call);
        } else if (message.frameSeqId() == 0 && message.header().type() == MessageHeader.Type.EXCEPTION) {
            endAll("got no reply: the connection failed", null);
        }
        // Any other message is late, and nobody waits for it any more.
    }

    /**
     * Completes the calls whose replies have come. A caller that wakes runs on another processor, where it would work on what
     * the event loop is at; so callers wake when all of the read has been looked at.
     */
    @Override
    void afterRead() {
        if (!replied.isEmpty()) {
            try {
                replied.forEach(PendingCall::completeWithReply);
            } finally {
                replied.clear();
            }
        }
        closeIfDone();
    }

    @Override
    public void onOversized(ReceivedMessage head, long messageBytes) {
        answered();
        if (head.announcesClose()) {
            spend();
        }
        PendingCall<?> call = pending.remove(head.frameSeqId());
        if (call != null) {
            call.failed(oversized(String.valueOf(messageBytes)), peer(), null);
        }
    }

    private void forget(PendingCall<?> call) {
        pending.remove(call.seqId());
        closeIfDone();
    }

    @Override
    public void forEachCall(Consumer<Pending<?>> look) {
        pending.values().forEach(look);
    }

    @Override
    public int activeCalls() {
        return pending.size() + unsent.size();
    }

    @Override
    public void retire() {
        spend();
        // A caller that found the connection usable a moment ago has put its call into the queue before this step.
        queue.offer(this::closeIfDone);
    }

    private void closeIfDone() {
        if (isSpent() && activeCalls() == 0) {
            channel().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        endAll("got no reply: the connection was closed" + hintForSilence(), null);
        if (out != null) {
            out.discard();
        }
        super.channelInactive(ctx);
    }

    @Override
    void onMalformed(String what, RpcException malformed) {
        endAll(what, malformed);
    }

    @Override
    void onFailure(String what, Throwable cause) {
        endAll("got no reply: " + what + hintForSilence(), cause);
    }

    private void endAll(String what, @Nullable Throwable cause) {
        spend();
        List<PendingCall<?>> calls = new ArrayList<>(pending.values());
        calls.addAll(unsent);
        pending.clear();
        unsent.clear();
        calls.forEach(call -> call.failed(what, peer(), cause));
        channel().close();
    }
}
