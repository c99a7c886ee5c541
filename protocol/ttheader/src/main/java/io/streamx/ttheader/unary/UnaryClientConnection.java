package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.streamx.RpcException;
import io.streamx.net.PeerEnd;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Limits;
import io.streamx.wire.UnaryProtocol.Pending;
import io.streamx.wire.UnaryProtocol.Reply;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that carries one call at a time. {@link #call} is for one thread after another; the rest is the
 * event loop's.
 */
final class UnaryClientConnection extends ClientConnectionShell {
    private static final String CLOSED = "the connection was closed";
    /**
     * How long a connection is quiet before it is looked at for the end of its peer, which costs a system call. A
     * server closes a connection only when that was quiet.
     */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicReference<@Nullable PendingCall<?>> pending = new AtomicReference<>();
    /**
     * The id of the last oneway request. A server whose IDL says that the method is not oneway answers it, and that
     * answer belongs to no later call.
     */
    private volatile int onewaySeqId;

    /**
     * The sequence id of the call whose request has been handed to the channel; 0 before the first. A request that waits
     * for the event loop is not on its way yet.
     */
    private int leavingSeqId;

    /** When the last reply came. A connection that has carried no call yet counts as quiet. */
    private long quietSinceNanos = System.nanoTime() - 2 * QUIET_NANOS;

    UnaryClientConnection(Channel channel, Limits limits, RequestEncoder encoder) {
        super(channel, limits, encoder);
    }

    // ---- callers' threads ----

    @Override
    void begin(PendingCall<?> call, ByteBuf bytes) {
        MethodDescriptor<?, ?> method = call.method();
        if (!pending.compareAndSet(null, call)) {
            bytes.release();
            throw new IllegalStateException(method + " was called while the connection carries another call");
        }
        if (method.isOneway()) {
            onewaySeqId = call.seqId();
        }
        try {
            channel().eventLoop().execute(() -> send(call, bytes));
        } catch (RejectedExecutionException loopHasEnded) {
            bytes.release();
            pending.set(null);
            throw loopHasEnded;
        }
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
        if (System.nanoTime() - quietSinceNanos > QUIET_NANOS && PeerEnd.hasCome(channel())) {
            // What is written now would never be run, and the caller could not be told so. The event loop is about to
            // read
            // the end, and before it what may say the reason, such as a TLS alert: the call ends with that.
            bytes.release();
            spend();
            return;
        }
        leavingSeqId = call.seqId();
        channel().writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess()) {
                Throwable why = failure() != null ? failure() : written.cause();
                if (pending.compareAndSet(call, null)) {
                    call.notSent(ended(why), peer(), why);
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
    public void onMessage(ReceivedMessage message) {
        answered();
        quietSinceNanos = System.nanoTime();
        if (message.announcesClose()) {
            spend();
        }
        PendingCall<?> call = pending.get();
        int seqId = message.header().seqId();
        if (seqId != 0 && seqId == onewaySeqId && (call == null || call.seqId() != seqId)) {
            // The answer to a oneway request is dropped. An id of 0 is not looked at here, because a proxy that knows
            // no better answers with it.
            return;
        }
        if (call == null || !pending.compareAndSet(call, null)) {
            // Nobody has asked for this message, and whatever comes next could be taken for the reply to the next call.
            // So the connection is closed.
            close();
            return;
        }
        call.replied(message);
        if (isSpent()) {
            channel().close();
        }
    }

    @Override
    public void onOversized(ReceivedMessage head, long messageBytes) {
        failReply(oversized(head.size(messageBytes)), null);
        close();
    }

    @Override
    public void retire() {
        spend();
        if (pending.get() == null) {
            channel().close();
        }
    }

    @Override
    public void forEachCall(Consumer<Pending<?>> look) {
        PendingCall<?> call = pending.get();
        if (call != null) {
            look.accept(call);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(CLOSED, null);
        super.channelInactive(ctx);
    }

    @Override
    void onMalformed(String what, RpcException malformed) {
        failReply(what, malformed);
        close();
    }

    @Override
    void onFailure(String what, Throwable cause) {
        fail(what, cause);
        close();
    }

    /** The connection has ended under its call, if it has one. */
    private void fail(String why, @Nullable Throwable cause) {
        PendingCall<?> call = pending.getAndSet(null);
        if (call == null) {
            return;
        }
        if (call.seqId() == leavingSeqId) {
            call.failed("got no reply: " + why + hintForSilence(), peer(), cause);
        } else {
            call.notSent(why, peer(), cause);
        }
    }

    /** The call fails because what came is no reply. */
    private void failReply(String what, @Nullable Throwable cause) {
        PendingCall<?> call = pending.getAndSet(null);
        if (call != null) {
            call.failed(what, peer(), cause);
        }
    }

    private void close() {
        spend();
        channel().close();
    }
}
