package io.streamx.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.UnavailableException;
import io.streamx.discovery.Address;
import io.streamx.net.DeadPeers;
import io.streamx.net.EventLoops;
import io.streamx.net.NetworkMemory;
import io.streamx.net.Sockets;
import io.streamx.tls.ClientHandshakes;
import io.streamx.tls.Refusal;
import io.streamx.wire.TimeLimit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: looks the name up, connects, and does the TLS handshake, waiting on a virtual thread, all within the
 * connect timeout. That limits the network: what this process needs for loading classes does not count. Safe from any
 * thread.
 */
final class Connector {
    /** The slot of a connection that has no particular place among those of its client. */
    static final int ANY_SLOT = -1;

    /** What the JDK may take for loading the classes of its first handshake on a small machine. */
    private static final long FIRST_HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Whether this process has made a connection with TLS. */
    private static volatile boolean hasShakenHands;

    private final EventLoopGroup group;
    private final @Nullable CallerLoops callers;
    private final String service;
    private final Duration timeout;
    private final Map<ChannelOption<?>, Object> deadPeerOptions;
    private final @Nullable ClientHandshakes tls;
    private final @Nullable String applicationProtocol;
    private final Lookup lookup;

    /** Finds the addresses of a host. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * {@code applicationProtocol} is what a server has to agree to by ALPN where there is TLS; null for none. {@code callers}
     * is null where event loops schedule no callers.
     */
    Connector(
            EventLoopGroup group,
            @Nullable CallerLoops callers,
            ClientSettings endpoint,
            @Nullable String applicationProtocol) {
        this(group, callers, endpoint, applicationProtocol, InetAddress::getAllByName);
    }

    /** For tests, with their own way to look up the name of a host. */
    Connector(
            EventLoopGroup group,
            @Nullable CallerLoops callers,
            ClientSettings endpoint,
            @Nullable String applicationProtocol,
            Lookup lookup) {
        this.group = group;
        this.lookup = lookup;
        this.callers = callers;
        this.service = endpoint.service();
        this.timeout = endpoint.connectTimeout();
        this.deadPeerOptions = DeadPeers.options(endpoint.deadPeerTimeout());
        this.tls = endpoint.tls() == null ? null : new ClientHandshakes(endpoint.tls());
        this.applicationProtocol = applicationProtocol;
    }

    /**
     * A connection to {@code address}.
     *
     * @param slot the place of the connection among the connections that callers share, or {@link #ANY_SLOT}
     * @param attach makes the new channel speak its protocol, on its event loop and before it is connected
     * @return completed with the connection, or with an {@link RpcException} that says what failed
     */
    <C> CompletableFuture<C> connect(Address address, int slot, Function<Channel, C> attach) {
        Making<C> making = new Making<>(address, callers == null ? group : callers.loopsFor(slot, group), attach);
        CompletableFuture<C> result = making.result;
        // Held until the connection is made or has failed: a client that is closed meanwhile must not take the loops
        // away
        // from under a channel that is being registered.
        EventLoops held = EventLoops.acquire();
        Thread.ofVirtual().name("streamx-connect " + address).start(() -> {
            try (held) {
                making.connect();
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(new RpcException("client for " + service + " is closed", e));
            } catch (Throwable t) {
                result.completeExceptionally(t instanceof RpcException ? t : making.failed(reason(t), t));
            } finally {
                making.clock.stop();
            }
        });
        return result;
    }

    private static String reason(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        return message == null ? String.valueOf(cause) : message;
    }

    /** One connection while it is being made. */
    private final class Making<C> {
        private final Address address;
        private final EventLoopGroup loops;
        private final Function<Channel, C> attach;
        private final CompletableFuture<C> result = new CompletableFuture<>();
        private final Clock clock = new Clock(this::timedOut);
        /** What is being done, for the message of a timeout that interrupts it. */
        private volatile String doing = "";

        Making(Address address, EventLoopGroup loops, Function<Channel, C> attach) {
            this.address = address;
            this.loops = loops;
            this.attach = attach;
        }

        void connect() throws InterruptedException {
            if (tls != null) {
                tls.reloadIfDue();
            }
            Throwable last = null;
            clock.start(0);
            InetAddress[] candidates = lookUp();
            for (InetAddress candidate : candidates) {
                if (result.isDone()) {
                    return;
                }
                // Goes on when the channel has its handlers, whose classes may have to be loaded.
                clock.stop();
                Attempt<C> attempt = new Attempt<>(this::prepare);
                Bootstrap bootstrap = Sockets.outgoing(loops);
                DeadPeers.set(bootstrap::option, deadPeerOptions);
                ChannelFuture connecting = bootstrap
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout.toMillis() + 1, 60_000))
                        .handler(attempt)
                        .connect(new InetSocketAddress(candidate, address.port()));
                connecting.await();
                if (connecting.isSuccess()) {
                    NetworkMemory.opened(connecting.channel());
                    finish(attempt.prepared(), connecting.channel());
                    return;
                }
                last = connecting.cause();
                if (last instanceof ConnectTimeoutException) {
                    // The timer of the connect attempt may have fired before the timer here.
                    throw timeoutFailure();
                }
            }
            throw failed(reason(last), last);
        }

        /** Ends the attempt with what the host has answered; another of its IP addresses would hardly answer better. */
        private void finish(Prepared<C> prepared, Channel channel) throws InterruptedException {
            RpcException failure = prepared.handshake == null ? null : handshake(prepared.handshake);
            boolean taken =
                    failure == null ? result.complete(prepared.connection) : result.completeExceptionally(failure);
            if (failure != null || !taken) {
                channel.close();
            }
        }

        private InetAddress[] lookUp() {
            try {
                return lookup.addresses(address.host());
            } catch (UnknownHostException e) {
                throw new UnavailableException(
                        "cannot connect to " + service + ": host '" + address.host() + "' of address " + address
                                + " is unknown (expected: a name that resolves, or an IP address)",
                        e);
            }
        }

        private Prepared<C> prepare(Channel channel) {
            SslHandler handshake =
                    tls == null ? null : tls.install(channel, address.host(), address.port(), applicationProtocol);
            if (handshake == null) {
                channel.pipeline().addLast(new TlsAlertDetector());
            }
            C connection = attach.apply(channel);
            clock.start(0);
            return new Prepared<>(connection, handshake);
        }

        /** Waits for the handshake; null when it went well. */
        private @Nullable RpcException handshake(SslHandler handler) throws InterruptedException {
            doing = ", in the TLS handshake (expected: a server that speaks TLS on this port)";
            clock.stop();
            long more = hasShakenHands ? 0 : FIRST_HANDSHAKE_NANOS;
            clock.start(more);
            if (!handler.handshakeFuture().await(clock.leftNanos() + more, TimeUnit.NANOSECONDS)) {
                return timeoutFailure();
            }
            Throwable failure = handler.handshakeFuture().cause();
            hasShakenHands |= failure == null;
            Refusal refusal = failure == null
                    ? ClientHandshakes.objection(handler, applicationProtocol)
                    : Objects.requireNonNull(tls).refusal(failure);
            return refusal == null ? null : failed(refusal.toString(), failure);
        }

        private RpcException failed(String reason, @Nullable Throwable cause) {
            return new UnavailableException("cannot connect to " + service + " at " + address + ": " + reason, cause);
        }

        private void timedOut() {
            if (!result.isDone()) {
                result.completeExceptionally(timeoutFailure());
            }
        }

        private RpcException timeoutFailure() {
            return new RpcTimeoutException(
                    "cannot connect to " + service + " at " + address + ": no connection within the connect timeout of "
                            + timeout.toMillis() + " ms, set by the client; passed "
                            + TimeUnit.NANOSECONDS.toMillis(clock.passedNanos()) + " ms" + doing,
                    timeout,
                    null);
        }
    }

    /**
     * The time that the network takes, as the limit counts it, and the alarm at its end. It stands still while this process
     * makes itself ready. Safe from any thread.
     */
    private final class Clock {
        private final Runnable alarm;
        private boolean runs;
        private long startedNanos;
        private long passedBefore;
        private @Nullable ScheduledFuture<?> armed;

        Clock(Runnable alarm) {
            this.alarm = alarm;
        }

        /** Goes on, and rings {@code moreNanos} later than at the limit. */
        synchronized void start(long moreNanos) {
            if (!runs) {
                runs = true;
                startedNanos = System.nanoTime();
                armed = group.next().schedule(alarm, Math.max(0, leftNanos()) + moreNanos, TimeUnit.NANOSECONDS);
            }
        }

        synchronized void stop() {
            if (armed != null) {
                armed.cancel(false);
            }
            passedBefore = passedNanos();
            runs = false;
        }

        synchronized long passedNanos() {
            return passedBefore + (runs ? System.nanoTime() - startedNanos : 0);
        }

        long leftNanos() {
            return TimeLimit.nanos(timeout) - passedNanos();
        }
    }

    /** What was put into a channel: the protocol, and TLS where there is any. */
    private record Prepared<C>(C connection, @Nullable SslHandler handshake) {}

    /** Prepares one channel and keeps what came of it. */
    private static final class Attempt<C> extends ChannelInitializer<SocketChannel> {
        private final Function<Channel, Prepared<C>> prepare;
        private volatile @Nullable Prepared<C> prepared;

        Attempt(Function<Channel, Prepared<C>> prepare) {
            this.prepare = prepare;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            prepared = prepare.apply(channel);
        }

        Prepared<C> prepared() {
            Prepared<C> made = prepared;
            if (made == null) {
                throw new IllegalStateException("channel was connected before its protocol was attached");
            }
            return made;
        }
    }
}
