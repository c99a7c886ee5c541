package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.streamx.ApplicationException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.Transport;
import io.streamx.net.BatchWriter;
import io.streamx.net.ConnectionEvents;
import io.streamx.net.IdleCheck;
import io.streamx.service.MethodDescriptor;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import io.streamx.wire.UnsentReplies;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A server's connection. Requests are served one after another, each answered before the next is looked at, unless the
 * client takes replies in any order. On the event loop.
 *
 * <p>Bytes that may not yet be looked at wait as {@link UnreadRequests}. So a client that does not wait for its replies is held
 * up by the network, and not kept in memory.
 */
final class UnaryServerConnection extends ChannelInboundHandlerAdapter
        implements ServerRuntime.Drainable, UnreadRequests.Connection, UnaryGracefulClose.Requests {
    /** How far a connection has got. */
    private enum State {
        /** Requests are looked at and answered. */
        SERVING,
        /** This side has written its last reply, or closes the connection: what still comes is dropped. */
        ENDED,
        /** The peer has gone: nothing is answered any more, and oneway requests that have come are still run. */
        PEER_GONE,
        /** Nothing is left to do: what has come is dropped, and nothing is answered. */
        CLOSED
    }

    /** Larger replies hold no more memory than they have bytes. */
    private static final int TRIMMED_BYTES = 256 << 10;

    private final Channel channel;
    private final ServerRuntime runtime;
    private final TimeSource time;
    private final ReplyEncoder encoder;
    private final UnreadRequests unread;
    private final TaskQueue queue;
    private final UnsentReplies replies;
    private final UnaryGracefulClose gracefulClose;
    private final RunningCalls running = new RunningCalls();
    private @Nullable BatchWriter out;
    /** The running request whose client wants its reply before any other; null when none is. */
    private @Nullable ServedCall<?, ?> inOrder;
    /** Whether the client has shown that it takes replies in any order. */
    private boolean shared;

    private State state = State.SERVING;
    private long requests;
    private long idleSinceNanos;

    UnaryServerConnection(Channel channel, ServerRuntime runtime) {
        this.channel = channel;
        this.runtime = runtime;
        time = TimeSource.of(channel);
        idleSinceNanos = time.nanoTime();
        encoder = new ReplyEncoder(runtime.limits());
        unread = new UnreadRequests(channel, this, new MessageFraming(runtime.limits(), this), runtime.readTimeout());
        // While the network takes no bytes, replies wait on the heap as they are.
        queue = new TaskQueue(channel.eventLoop(), () -> out().isWritable(), this::afterBatch);
        replies = runtime.newReplies(channel);
        gracefulClose = new UnaryGracefulClose(channel, this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        out = new BatchWriter(ctx);
        IdleCheck.start(channel, TimeLimit.nanos(runtime.idleTimeout()), this::idleNanos, this::closeBecauseIdle);
        runtime.register(channel, this);
    }

    private BatchWriter out() {
        BatchWriter writer = out;
        if (writer == null) {
            throw new IllegalStateException("the connection is in no pipeline yet");
        }
        return writer;
    }

    Channel channel() {
        return channel;
    }

    /** The replies that wait for the network. Any thread. */
    UnsentReplies replies() {
        return replies;
    }

    /** By which time the limits of the connection and its calls are measured. */
    TimeSource time() {
        return time;
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        unread.add((ByteBuf) message);
        running.startAdded();
        out().flush();
    }

    @Override
    public boolean isPaused() {
        if (isGone()) {
            return inOrder != null;
        }
        return isEnded()
                || inOrder != null
                || running.count() >= runtime.limits().maxConcurrentStreams()
                || running.bytes() >= runtime.limits().connectionBufferBytes()
                || !channel.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        if (channel.isWritable()) {
            queue.resume();
            unread.lookOn();
            running.startAdded();
            out().flush();
        }
        super.channelWritabilityChanged(ctx);
    }

    // ---- requests ----

    @Override
    public void onMessage(ReceivedMessage request) {
        unread.messageEnded();
        requests++;
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
        boolean oneway = request.header().type() == MessageHeader.Type.ONEWAY;
        switch (runtime.findUnary(service, method, request.format(), oneway)) {
            case ServerRuntime.Lookup.Found found ->
                start(new ServedCall<>(this, runtime, encoder, request, found.method(), found.isListed()));
            case ServerRuntime.Lookup.UnknownService unknown ->
                reject(
                        request,
                        ApplicationException.UNKNOWN_SERVICE,
                        "unknown service " + service + ", method " + method + " (served: " + unknown.served() + ")");
            case ServerRuntime.Lookup.UnknownMethod unknown ->
                reject(
                        request,
                        ApplicationException.UNKNOWN_METHOD,
                        "unknown method " + method + " (service " + service + ")");
            case ServerRuntime.Lookup.Ambiguous ambiguous ->
                reject(request, ApplicationException.UNKNOWN_SERVICE, ambiguous.message(service));
        }
    }

    private void notRun(ReceivedMessage request, ApplicationException reason) {
        runtime.notRun(
                channel,
                Transport.TTHEADER,
                request.carrier(),
                request.strings().getOrDefault(StringKey.IDL_SERVICE_NAME, ""),
                request.header().name(),
                () -> reason);
    }

    /**
     * Answers a request that cannot be run. Like Kitex this closes the connection behind such a request, unless other
     * calls share the connection.
     */
    private void reject(ReceivedMessage request, int type, String message) {
        notRun(request, ApplicationException.outcome(type, message));
        boolean closes = !request.isOutOfOrder();
        if (request.header().type() == MessageHeader.Type.ONEWAY) {
            runtime.refused(channel, message, "a oneway request for a method that is served");
            if (closes) {
                close();
            }
        } else {
            answer(encoder.rejection(request, ApplicationException.outcome(type, message), closes), closes);
        }
    }

    private void start(ServedCall<?, ?> call) {
        if (isGone() && !call.isOneway()) {
            // Whoever asked is gone. Only a oneway request is still to be run, since it was never to be answered.
            return;
        }
        MethodDescriptor<?, ?> method = call.method();
        if (call.request().format() != method.format()) {
            reject(
                    call.request(),
                    ApplicationException.INVALID_PROTOCOL,
                    method + " was called in " + call.request().format() + " (expected: " + method.format() + ")");
            return;
        }
        if (!call.isUnary()) {
            notRun(
                    call.request(),
                    ApplicationException.outcome(
                            ApplicationException.INTERNAL_ERROR,
                            method + " is a stream and was called as a unary method"));
            answer(encoder.streamingMethod(call.request(), method), false);
            return;
        }
        String refusal = runtime.refusal();
        if (refusal != null) {
            ApplicationException reason = ApplicationException.outcome(ApplicationException.INTERNAL_ERROR, refusal)
                    .withStatusCode(StatusCode.RESOURCE_EXHAUSTED);
            notRun(call.request(), reason);
            answer(encoder.rejection(call.request(), reason, false), false);
            return;
        }
        running.add(call);
        if (call.request().isOutOfOrder()) {
            shared = true;
        } else {
            inOrder = call;
        }
    }

    /** The handler has returned. On any thread; takes ownership of the reply. */
    void finished(ServedCall<?, ?> call, @Nullable ByteBuf reply, boolean closes) {
        int bytes = reply == null ? 0 : reply.readableBytes();
        if (reply != null && bytes > TRIMMED_BYTES && reply.capacity() > bytes + bytes / 4) {
            // A reply may wait long, and what is counted of it is its bytes.
            reply.capacity(reply.writerIndex());
        }
        replies.made(bytes);
        try {
            queue.offer(() -> {
                // What is written now counts among what the network is to take.
                replies.left(bytes);
                onFinished(call, reply, closes);
            });
        } catch (RejectedExecutionException serverHasEnded) {
            // The server ended before the handler did, so nobody waits for the reply.
            replies.left(bytes);
            ReferenceCountUtil.release(reply);
        }
    }

    private void onFinished(ServedCall<?, ?> call, @Nullable ByteBuf reply, boolean closes) {
        running.remove(call);
        call.ended();
        if (inOrder == call) {
            inOrder = null;
        }
        if (running.isEmpty()) {
            idleSinceNanos = time.nanoTime();
        }
        if (reply != null) {
            answer(reply, closes);
        } else if (closes) {
            close();
        }
    }

    private void afterBatch() {
        unread.lookOn();
        running.startAdded();
        out().flush();
    }

    /** Writes an answer, and closes the connection behind the {@code last} one. Takes ownership. */
    private void answer(ByteBuf reply, boolean last) {
        if (state != State.SERVING) {
            reply.release();
            return;
        }
        if (last) {
            gracefulClose.beforeLastReply();
        }
        out().write(reply);
        if (last) {
            end();
            out().flush();
            gracefulClose.afterLastReply(!unread.isEmpty() || unread.isWithinMessage());
        }
    }

    @Override
    public void onOversized(ReceivedMessage head, long messageBytes) {
        if (head.header().name().isEmpty()) {
            refuse("request of " + messageBytes + " bytes without a method name");
            return;
        }
        notRun(
                head,
                ApplicationException.outcome(
                        ApplicationException.PROTOCOL_ERROR,
                        "request of " + head.size(messageBytes) + " bytes (expected: at most "
                                + runtime.limits().maxMessageBytes() + ", the largest message allowed here)"));
        // The connection closes behind a message without a length, because nobody can tell where the next message
        // begins.
        answer(encoder.oversizedRequest(head, messageBytes), head.carrier() == PingPong.BUFFERED);
    }

    @Override
    public void refuse(String what) {
        runtime.refused(channel, what, MessageFraming.EXPECTED);
        close();
    }

    // ---- the end ----

    @Override
    public boolean isEnded() {
        return state == State.ENDED || state == State.CLOSED;
    }

    /** The peer has closed the connection, or it broke. */
    @Override
    public boolean isGone() {
        return state == State.PEER_GONE || state == State.CLOSED;
    }

    private void end() {
        state = isGone() ? State.CLOSED : State.ENDED;
    }

    @Override
    public void close() {
        end();
        channel.close();
    }

    @Override
    public void cutOff(String begun) {
        if (!isGone()) {
            refuse("a message that has begun and is not whole after "
                    + runtime.readTimeout().toMillis() + " ms" + (begun.isEmpty() ? "" : "; first bytes " + begun));
        }
    }

    private long idleNanos() {
        return running.isEmpty() ? time.nanoTime() - idleSinceNanos : IdleCheck.IN_USE;
    }

    private boolean closeBecauseIdle() {
        close();
        return true;
    }

    @Override
    public int activeCalls() {
        return running.count();
    }

    @Override
    public void drain() {
        if (shared) {
            answer(encoder.closeAnnouncement(), false);
            out().flush();
        }
        gracefulClose.closeWhenQuiet();
    }

    @Override
    public long requestCount() {
        return requests;
    }

    @Override
    public boolean isQuiet() {
        return running.isEmpty() && !unread.isWithinMessage() && unread.isEmpty();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        state = isEnded() ? State.CLOSED : State.PEER_GONE;
        RpcException reason =
                new RpcException("the connection to " + ctx.channel().remoteAddress() + " was closed");
        running.forEach(call -> call.callerGone(reason));
        queue.resume();
        unread.peerEnded();
        running.startAdded();
        out().discard();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ConnectionEvents.closedBecause(channel, Thrown.text(cause));
        if (!(cause instanceof IOException)) {
            runtime.refused(channel, String.valueOf(cause), MessageFraming.EXPECTED);
        }
        close();
    }
}
