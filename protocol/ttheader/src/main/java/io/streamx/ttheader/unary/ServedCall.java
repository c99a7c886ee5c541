package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.ttheader.EntryBytes;
import io.streamx.ttheader.TTHeaderMetainfo;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.wire.Logs;
import io.streamx.wire.ReplyEntries;
import io.streamx.wire.ReplyTurn;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerRuntime.Outcome;
import io.streamx.wire.ServerRuntime.Stage;
import io.streamx.wire.TimeLimit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request with the method that serves it. It is what the runtime takes the request from and tells the outcome to, so that
 * a call costs few objects.
 */
final class ServedCall<Req, Res> implements ServerRuntime.RequestSource<Req>, Consumer<Outcome<Res>> {
    private static final Logger LOG = LoggerFactory.getLogger(ServedCall.class);
    private static final VarHandle ANSWERED;

    static {
        try {
            ANSWERED = MethodHandles.lookup().findVarHandle(ServedCall.class, "answered", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // These entries collect nothing, so all calls share them.
    private static final ReplyEntries NONE_ON_FRAMED = noRoom("Framed");
    private static final ReplyEntries NONE_ON_BUFFERED = noRoom("buffered");
    private static final ReplyEntries NONE_ON_TTHEADER = noRoom("TTHeader");
    private static final ReplyEntries NONE_ON_TTHEADER_FRAMED = noRoom("TTHeaderFramed");

    private static final String CALLER = "the caller, with int key 12";
    /** How long after the caller's limit the caller is told. A caller whose time is over usually knows it by itself. */
    private static final long CALLER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final UnaryServerConnection connection;
    private final ReceivedMessage request;
    private final BoundMethod<Req, Res> bound;
    private final boolean isListed;
    private final int requestBytes;
    private final ServerRuntime runtime;
    private final ReplyEncoder encoder;
    /** Whether the reply was made. It is changed by {@link #ANSWERED} alone. */
    private volatile boolean answered;

    private final ReplyTurn turn = new ReplyTurn();
    private @Nullable ServerCallContext context;
    /** The timer of the call. Only the event loop uses the field. */
    private @Nullable Future<?> timer;
    /** Why the call's time is over; null while it is not. */
    private volatile @Nullable RpcException timedOut;
    /** Whether the limit that passed is the caller's, who has a clock of its own. Written before {@code timedOut}. */
    private volatile boolean callerMayStillWait;

    /** The neighbours in {@link RunningCalls}, which alone uses the fields. */
    @Nullable
    ServedCall<?, ?> before;

    @Nullable
    ServedCall<?, ?> behind;

    /** {@code isListed} is as in {@link ServerRuntime.Lookup.Found}; {@code encoder} makes the reply. */
    ServedCall(
            UnaryServerConnection connection,
            ServerRuntime runtime,
            ReplyEncoder encoder,
            ReceivedMessage request,
            BoundMethod<Req, Res> bound,
            boolean isListed) {
        this.connection = connection;
        this.runtime = runtime;
        this.encoder = encoder;
        this.isListed = isListed;
        this.request = request;
        this.bound = bound;
        requestBytes = request.struct().readableBytes() + EntryBytes.of(request.ints(), request.strings());
    }

    ReceivedMessage request() {
        return request;
    }

    /** How much memory the request takes, roughly. The number does not change when the request is decoded. */
    int requestBytes() {
        return requestBytes;
    }

    MethodDescriptor<Req, Res> method() {
        return bound.descriptor();
    }

    boolean isUnary() {
        return method().mode() == StreamingMode.UNARY;
    }

    /** Whether the method is oneway by this side's IDL, whatever the request says of itself. */
    boolean isOneway() {
        return method().isOneway();
    }

    /** Runs the handler on a thread of its own, which makes the reply too. */
    void start() {
        TimeLimit limit = limit();
        ServerCallContext own = newContext(limit);
        context = own;
        if (limit != null) {
            long beganNanos = connection.time().nanoTime();
            timer = schedule(() -> timeIsOver(own, limit, connection.time().nanoTime() - beganNanos), limit.nanos());
        }
        runtime.call(bound, own, this, this);
    }

    // ---- the handler's thread ----

    @Override
    public Req decode() {
        return method().requestCodec().decode(request.struct());
    }

    @Override
    public int payloadBytes() {
        return request.struct().readableBytes();
    }

    /** The handler has ended, or could not be run: the caller is answered. */
    @Override
    public void accept(Outcome<Res> outcome) {
        ServerCallContext own = context;
        if (own != null && !isAnsweredByTimer(outcome)) {
            Outcome<Res> told = timedOut(outcome);
            try {
                if (!isOneway() && !turn.await(connection.replies(), runtime.sendTimeout())) {
                    String why = ReplyTurn.refusal(connection.replies().held(), runtime.sendTimeout());
                    told = new Outcome<>(null, new RpcException(why), Stage.MIDDLEWARE);
                }
                finish(told, own.backward());
            } finally {
                // A turn that is not given back would keep replies of all connections waiting.
                turn.done(connection.replies());
            }
        }
    }

    // ---- time ----

    private Future<?> schedule(Runnable step, long nanos) {
        return connection.time().schedule(connection.channel().eventLoop(), step, nanos);
    }

    /**
     * The limit that passes first. The time that the caller of a oneway method allows is no limit, because that caller
     * does not wait.
     */
    private @Nullable TimeLimit limit() {
        Duration own = runtime.unaryTimeout();
        Duration callers = runtime.keepsCallerTimeout() && !isOneway() ? timeout(request.ints()) : null;
        if (callers != null && (own == null || callers.compareTo(own) <= 0)) {
            return new TimeLimit(callers, CALLER);
        }
        return own == null ? null : new TimeLimit(own, "the server");
    }

    /**
     * The time of the call is over: the caller is told, also when the handler does not end by itself. On the event
     * loop.
     */
    @SuppressWarnings("ReferenceEquality") // the constant
    private void timeIsOver(ServerCallContext own, TimeLimit limit, long passedNanos) {
        RpcException failure = new RpcTimeoutException(
                method() + " took longer than " + limit.duration().toMillis() + " ms, set by " + limit.setBy()
                        + "; passed " + TimeUnit.NANOSECONDS.toMillis(passedNanos) + " ms",
                limit.duration(),
                null);
        callerMayStillWait = limit.setBy() == CALLER;
        timedOut = failure;
        own.cancel(failure);
        Outcome<Res> outcome = new Outcome<>(null, failure, Stage.MIDDLEWARE);
        timer = schedule(() -> finish(outcome, Map.of()), limit.setBy() == CALLER ? CALLER_GRACE_NANOS : 0);
    }

    /**
     * Whether the outcome is left to the timer: the caller's own clock is about to say that its time is over, and the failure
     * of a handler that was interrupted for it must not arrive before that.
     */
    private boolean isAnsweredByTimer(Outcome<Res> outcome) {
        return timedOut != null && callerMayStillWait && outcome.failure() != null;
    }

    /**
     * The outcome of a handler that was interrupted at its limit, which is the timeout, whatever the handler makes of
     * the interrupt.
     */
    private Outcome<Res> timedOut(Outcome<Res> outcome) {
        RpcException reason = timedOut;
        return reason == null || outcome.failure() == null ? outcome : new Outcome<>(null, reason, Stage.MIDDLEWARE);
    }

    /** The call is over. On the event loop. */
    void ended() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    // ---- the end ----

    private void finish(Outcome<Res> outcome, Map<String, String> backward) {
        if (!ANSWERED.compareAndSet(this, false, true)) {
            return;
        }
        turn.giveUp();
        boolean closing = runtime.isClosing();
        // Like Kitex this does not trust what comes behind a request that cannot be decoded, unless other calls share
        // the connection.
        boolean closes = outcome.stage() == Stage.DECODING && !request.isOutOfOrder();
        ByteBuf reply = null;
        try {
            if (!isOneway()) {
                reply = encoder.outcome(request, method(), outcome, backward, closes || closing, this::unsendable);
                told(MessageWriter.payloadBytes(reply, request.carrier()));
                // Where the reply has no room for the announcement, the end of the connection is all that a client can
                // be told.
                closes |= closing && !request.isOutOfOrder();
            }
        } catch (Throwable e) {
            // The connection is closed, because without any answer the caller would wait for ever.
            Logs.warn(
                    LOG,
                    "{}: not even an error can be sent to {}",
                    method(),
                    connection.channel().remoteAddress(),
                    e);
            unsendable(e);
            closes = true;
        }
        connection.finished(this, reply, closes);
    }

    private void unsendable(Throwable reason) {
        if (context != null) {
            context.replied(-1, reason);
        }
    }

    private void told(int payloadBytes) {
        if (context != null) {
            context.replied(payloadBytes, context.replyFailure());
        }
    }

    private ServerCallContext newContext(@Nullable TimeLimit limit) {
        TTHeaderMetainfo metainfo = TTHeaderMetainfo.of(request.strings());
        ServerCallContext created = new ServerCallContext(
                method().service(),
                method().name(),
                StreamingMode.UNARY,
                request.ints().getOrDefault(IntKey.FROM_SERVICE, ""),
                connection.channel(),
                metainfo.persistents(),
                metainfo.transients(),
                limit == null ? null : limit.duration());
        created.travelsOn(Transport.TTHEADER, request.carrier());
        if (!isListed) {
            created.namedByCaller();
        }
        created.replyEntries(
                switch (request.carrier()) {
                    case FRAMED -> NONE_ON_FRAMED;
                    case BUFFERED -> NONE_ON_BUFFERED;
                    case TTHEADER -> NONE_ON_TTHEADER;
                    case TTHEADER_FRAMED -> NONE_ON_TTHEADER_FRAMED;
                });
        return created;
    }

    private static ReplyEntries noRoom(String carrier) {
        Consumer<Metadata> refuse = entries -> {
            throw new IllegalStateException("header or trailer entries " + entries.names() + " of a unary call on "
                    + carrier + ", whose replies have no room for them (expected: sendBackward, whose values TTHeader"
                    + " carries, or a call on gRPC)");
        };
        return new ReplyEntries(refuse, refuse);
    }

    private static @Nullable Duration timeout(Map<Integer, String> ints) {
        String millis = ints.get(IntKey.RPC_TIMEOUT);
        if (millis == null) {
            return null;
        }
        try {
            int value = Integer.parseInt(millis);
            return value > 0 ? Duration.ofMillis(value) : null;
        } catch (NumberFormatException e) {
            // A limit that cannot be read is none, as with Kitex.
            return null;
        }
    }

    /**
     * The connection has closed. Clients of Kitex close the connection right after a oneway request, which is still to
     * be run.
     */
    void callerGone(RpcException reason) {
        turn.giveUp();
        if (!isOneway() && context != null) {
            context.cancel(reason);
        }
    }
}
