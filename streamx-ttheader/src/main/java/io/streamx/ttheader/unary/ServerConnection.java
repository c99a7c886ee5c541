package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.engine.Defaults;
import io.streamx.engine.FrameCutter;
import io.streamx.transport.ServerRuntime;
import io.streamx.ttheader.frame.StringKey;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server's connection: one request after another, each answered before the next is looked at, but for those whose
 * client takes replies in any order. On the event loop.
 *
 * <p>What has been read and may not yet be looked at waits as it came, and nothing more is read until it has been: a
 * client that does not wait for its replies is held up by the network, not kept in memory.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter
        implements ServerRuntime.Drainable, MessageFraming.Receiver {
    /** After the last reply, so long for the peer to read it before what it still sends is answered with a reset. */
    private static final long LINGER_MILLIS = 1000;

    private final ServerRuntime runtime;
    private final ReplyEncoder encoder;
    private final FrameCutter cutter;
    private final Queue<ByteBuf> unread = new ArrayDeque<>(2);
    private final Set<ServedCall<?, ?>> running = new HashSet<>(4);
    private @Nullable ChannelHandlerContext context;
    private @Nullable ReadTimeout readTimeout;
    private boolean inOrder;
    private boolean draining;
    /** Nothing is looked at any more: the connection is closing on its own behalf. */
    private boolean ended;
    /** The peer is gone. */
    private boolean gone;

    private long idleSinceNanos;

    ServerConnection(ServerRuntime runtime) {
        this.runtime = runtime;
        encoder = new ReplyEncoder(runtime.limits());
        cutter = new FrameCutter(new MessageFraming(runtime.limits(), this));
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("the connection is in no pipeline yet");
        }
        return ctx;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        readTimeout = new ReadTimeout(ctx.channel().eventLoop(), Defaults.READ_TIMEOUT, System::nanoTime, this::cutOff);
        idleSinceNanos = System.nanoTime();
        checkIdleAfter(runtime.idleTimeout().toNanos());
        runtime.register(ctx.channel(), this);
    }

    @Nullable
    SocketAddress remoteAddress() {
        return context().channel().remoteAddress();
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        unread.add((ByteBuf) message);
        readOn();
    }

    /** Looks at what has been read, as far as it may be looked at. */
    private void readOn() {
        while (!unread.isEmpty()) {
            ByteBuf in = unread.element();
            if (ended) {
                in.skipBytes(in.readableBytes());
            } else {
                cut(in);
            }
            if (in.isReadable()) {
                break;
            }
            unread.remove();
            in.release();
        }
        boolean paused = !unread.isEmpty();
        if (!gone && context().channel().config().isAutoRead() == paused) {
            context().channel().config().setAutoRead(!paused);
        }
    }

    private void cut(ByteBuf in) {
        int before = in.readableBytes();
        try {
            cutter.feed(in);
        } catch (RpcException malformed) {
            refuse(String.valueOf(malformed.getMessage()));
        }
        if (readTimeout != null) {
            readTimeout.received(before - in.readableBytes(), cutter.isWithinFrame());
        }
        if (ended) {
            in.skipBytes(in.readableBytes());
        }
    }

    @Override
    public boolean isPaused() {
        if (gone) {
            return inOrder;
        }
        return ended
                || inOrder
                || running.size() >= runtime.limits().maxConcurrentStreams()
                || !context().channel().isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        readOn();
        super.channelWritabilityChanged(ctx);
    }

    // ---- requests ----

    @Override
    public void onMessage(ReceivedMessage request) {
        if (readTimeout != null) {
            readTimeout.messageEnded();
        }
        switch (request.header().type()) {
            case CALL, ONEWAY -> {}
            case REPLY, EXCEPTION -> {
                refuse("message type " + request.header().type().value() + " as a request");
                return;
            }
        }
        String method = request.header().name();
        if (method.isEmpty()) {
            refuse("request without a method name");
            return;
        }
        String service = request.strings().getOrDefault(StringKey.IDL_SERVICE_NAME, "");
        switch (runtime.find(service, method)) {
            case ServerRuntime.Lookup.Found found -> start(new ServedCall<>(this, request, found.method()));
            case ServerRuntime.Lookup.UnknownService unknown -> answer(encoder.unknownService(request, service), true);
            case ServerRuntime.Lookup.UnknownMethod unknown -> answer(encoder.unknownMethod(request, service), true);
        }
    }

    private void start(ServedCall<?, ?> call) {
        if (gone && !call.isOneway()) {
            // Who asked is gone; a oneway request was never to be answered and is still to be run.
            return;
        }
        if (!call.isUnary()) {
            answer(encoder.streamingMethod(call.request(), call.method()), false);
            return;
        }
        running.add(call);
        inOrder |= !call.request().isOutOfOrder();
        call.start(runtime, encoder, runtime.isClosing());
    }

    /** The handler has returned. On any thread; takes ownership of the reply. */
    void finished(ServedCall<?, ?> call, @Nullable ByteBuf reply, boolean closes) {
        try {
            context().channel().eventLoop().execute(() -> onFinished(call, reply, closes));
        } catch (RejectedExecutionException serverHasEnded) {
            // Its window was over before the handler was; nobody waits for the reply.
            ReferenceCountUtil.release(reply);
        }
    }

    private void onFinished(ServedCall<?, ?> call, @Nullable ByteBuf reply, boolean closes) {
        running.remove(call);
        inOrder &= call.request().isOutOfOrder();
        idleSinceNanos = System.nanoTime();
        boolean last = closes || (draining && running.isEmpty());
        if (reply != null) {
            answer(reply, last);
        } else if (last) {
            close();
        }
        readOn();
    }

    /** Takes ownership; after the last answer the connection closes. */
    private void answer(ByteBuf reply, boolean last) {
        if (gone) {
            reply.release();
            return;
        }
        ChannelFuture sent = context().writeAndFlush(reply);
        if (!last) {
            return;
        }
        ended = true;
        if (unread.isEmpty() && !cutter.isWithinFrame()) {
            sent.addListener(ChannelFutureListener.CLOSE);
        } else {
            sent.addListener(done -> linger());
        }
    }

    /** Closing over unread bytes is a reset, which may overtake the last reply: they are read first, for a while. */
    private void linger() {
        SocketChannel channel = (SocketChannel) context().channel();
        channel.shutdownOutput();
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onOversized(ReceivedMessage head, long messageBytes) {
        if (head.header().name().isEmpty()) {
            refuse("request of " + messageBytes + " bytes without a method name");
            return;
        }
        // Without a length there is no telling where the next message begins.
        answer(encoder.oversizedRequest(head, messageBytes), head.carrier() == PingPong.BUFFERED);
    }

    private void refuse(String what) {
        runtime.refused(context().channel(), what, MessageFraming.EXPECTED);
        close();
    }

    // ---- the end ----

    private void close() {
        ended = true;
        context().close();
    }

    private void cutOff() {
        refuse("a message that has begun and is not whole after " + Defaults.READ_TIMEOUT.toSeconds() + " s");
    }

    private void checkIdleAfter(long nanos) {
        context().channel().eventLoop().schedule(this::checkIdle, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        if (gone) {
            return;
        }
        long timeout = runtime.idleTimeout().toNanos();
        long left = running.isEmpty() ? timeout - (System.nanoTime() - idleSinceNanos) : timeout;
        if (left <= 0) {
            close();
        } else {
            checkIdleAfter(left);
        }
    }

    @Override
    public int activeCalls() {
        return running.size();
    }

    @Override
    public void drain() {
        draining = true;
        if (running.isEmpty() && !cutter.isWithinFrame() && unread.isEmpty()) {
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        gone = true;
        RpcException reason =
                new RpcException("the connection to " + ctx.channel().remoteAddress() + " was closed");
        running.forEach(call -> call.callerGone(reason));
        readOn();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            runtime.refused(ctx.channel(), String.valueOf(cause), MessageFraming.EXPECTED);
        }
        close();
    }
}
