package io.streamx.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.streamx.ConnectionInfo;
import io.streamx.InProcessAddress;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.UnavailableException;
import io.streamx.discovery.Address;
import io.streamx.engine.flow.ProcessMemory;
import io.streamx.net.ConnectionEvents;
import io.streamx.net.DeadPeers;
import io.streamx.net.EventLoops;
import io.streamx.net.NetworkMemory;
import io.streamx.net.PacedWrites;
import io.streamx.net.Sockets;
import io.streamx.tls.ClientHandshakes;
import io.streamx.tls.Refusal;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: name lookup, TCP and TLS handshake, all on a virtual thread that waits, within the connect timeout. The
 * timeout limits the network: what this process needs for loading classes does not count. A name may have several IP
 * addresses: when one has not answered for a while the next one is tried beside it, and the first that is ready wins. Safe from
 * any thread.
 *
 * <p>Source: RFC 8305 ("Happy Eyeballs") section 5.
 */
final class Connector {
    /** The slot of a connection that has no particular place among those of its client. */
    static final int ANY_SLOT = -1;

    /** What the JDK may take for loading the classes of its first handshake on a small machine. */
    private static final long FIRST_HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Whether this process has made a connection with TLS. */
    private static volatile boolean hasShakenHands;

    /** How long an address has for its answer, and again for its TLS handshake, before the next one is tried beside it. */
    private static final long NEXT_ADDRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final AtomicInteger turn = new AtomicInteger();
    private final EventLoopGroup group;
    private final @Nullable CallerLoops callers;
    private final String service;
    private final ClientSettings endpoint;
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
        this.endpoint = endpoint;
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
        // away from under a channel that is being registered.
        EventLoops held = EventLoops.acquire();
        Thread.ofVirtual().name("streamx-connect " + address).start(() -> {
            try (held) {
                making.connect();
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(new RpcException("client for " + service + " is closed", e));
            } catch (Throwable t) {
                result.completeExceptionally(t instanceof RpcException ? t : making.failed(Thrown.text(t), t));
            } finally {
                making.clock.stop();
            }
        });
        return result;
    }

    /** One connection while it is being made. */
    private final class Making<C> {
        private final Address address;
        private final EventLoopGroup loops;
        private final Function<Channel, C> attach;
        private final CompletableFuture<C> result = new CompletableFuture<>();
        /** The connect timeout in force when this connection was begun; it may change while the client runs. */
        private final Duration timeout = endpoint.connectTimeout();

        private final ConnectClock clock = new ConnectClock(group, endpoint.time(), this::timedOut, timeout);
        /** What happened to attempts, for the thread that makes the connection. */
        private final BlockingQueue<Event<C>> events = new LinkedBlockingQueue<>();

        private final List<ConnectAttempt<C>> attempts = new ArrayList<>();
        /** What is being done, for the message of a timeout that interrupts it. */
        private volatile String doing = "";

        Making(Address address, EventLoopGroup loops, Function<Channel, C> attach) {
            this.address = address;
            this.loops = loops;
            this.attach = attach;
            result.whenComplete((made, failure) -> events.add(new Event.Over<>()));
        }

        void connect() throws InterruptedException {
            if (tls != null) {
                tls.reloadIfDue();
            }
            clock.start(0);
            try {
                race(candidates());
            } catch (RpcException failure) {
                // The failure is told before the attempts that still run are closed, because nobody waits for those.
                result.completeExceptionally(failure);
            } finally {
                for (ConnectAttempt<C> attempt : attempts) {
                    if (!attempt.hasWon()) {
                        attempt.giveUp();
                    }
                }
            }
        }

        private void race(List<? extends SocketAddress> candidates) throws InterruptedException {
            Iterator<? extends SocketAddress> remaining = candidates.iterator();
            List<Throwable> failures = new ArrayList<>();
            long nextNanos = System.nanoTime();
            while (!result.isDone()) {
                boolean mayBegin = remaining.hasNext();
                if (!mayBegin && failures.size() == attempts.size()) {
                    throw failure(failures);
                }
                long wait = nextNanos - System.nanoTime();
                if (mayBegin && (wait <= 0 || failures.size() == attempts.size())) {
                    begin(remaining.next());
                    nextNanos = System.nanoTime() + NEXT_ADDRESS_NANOS;
                    continue;
                }
                switch (mayBegin ? events.poll(wait, TimeUnit.NANOSECONDS) : events.take()) {
                    case null -> {}
                    case Event.Over<C> over -> {}
                    case Event.Connected<C> connected -> {
                        NetworkMemory.opened(connected.attempt().channel());
                        if (isReady(connected.attempt())) {
                            win(connected.attempt());
                        }
                        nextNanos = System.nanoTime() + NEXT_ADDRESS_NANOS;
                    }
                    case Event.Shaken<C> shaken -> {
                        // What the host answers is the outcome; another of its IP addresses would hardly answer better.
                        RpcException refused = refusalOf(shaken.attempt());
                        if (refused != null) {
                            throw refused;
                        }
                        win(shaken.attempt());
                    }
                    case Event.Failed<C> failed -> {
                        // The socket may have failed before its channel was prepared, which starts the clock.
                        clock.start(0);
                        failures.add(failed.cause());
                    }
                }
            }
        }

        private void begin(SocketAddress candidate) {
            // Goes on when the channel has its handlers, whose classes may have to be loaded.
            clock.stop();
            ConnectAttempt<C> attempt = new ConnectAttempt<>(this::prepare);
            Bootstrap bootstrap;
            if (candidate instanceof InProcessAddress) {
                bootstrap = Sockets.outgoingInProcess(loops);
            } else {
                bootstrap = Sockets.outgoing(loops);
                DeadPeers.set(bootstrap::option, deadPeerOptions);
            }
            bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, socketTimeoutMillis());
            attempts.add(attempt);
            attempt.begin(bootstrap, candidate)
                    .addListener(done -> events.add(
                            done.isSuccess()
                                    ? new Event.Connected<>(attempt)
                                    : new Event.Failed<>(Objects.requireNonNull(done.cause()))));
        }

        /** The limit of the socket, which knows the system's time alone and so never goes first where another one is used. */
        private int socketTimeoutMillis() {
            long millis = TimeUnit.NANOSECONDS.toMillis(TimeLimit.nanos(timeout)) + 1;
            return endpoint.time().equals(TimeSource.SYSTEM) ? (int) Math.min(millis, 60_000) : 60_000;
        }

        /** Whether the connection can be used now; where there is TLS the end of the handshake will tell. */
        private boolean isReady(ConnectAttempt<C> attempt) {
            SslHandler handshake = attempt.prepared().handshake();
            if (handshake == null) {
                return true;
            }
            doing = ", in the TLS handshake (expected: a server that speaks TLS on this port)";
            clock.stop();
            clock.start(hasShakenHands ? 0 : FIRST_HANDSHAKE_NANOS);
            handshake.handshakeFuture().addListener(done -> events.add(new Event.Shaken<>(attempt)));
            return false;
        }

        private @Nullable RpcException refusalOf(ConnectAttempt<C> attempt) {
            SslHandler handshake = Objects.requireNonNull(attempt.prepared().handshake());
            Throwable failure = handshake.handshakeFuture().cause();
            hasShakenHands |= failure == null;
            Refusal refusal = failure == null
                    ? ClientHandshakes.objection(handshake, applicationProtocol)
                    : Objects.requireNonNull(tls).refusal(failure);
            return refusal == null ? null : failed(refusal.toString(), failure);
        }

        private void win(ConnectAttempt<C> attempt) {
            if (attempt.win(result)) {
                ConnectionEvents.follow(
                        attempt.channel(),
                        ConnectionInfo.Side.CLIENT,
                        service,
                        address.toString(),
                        endpoint.connectionListeners());
            }
        }

        /** The error of a host at none of whose addresses there is anybody: that of the last, the others beside it. */
        private RpcException failure(List<Throwable> failures) {
            Throwable last = failures.getLast();
            // The timer of the socket may be ahead of that of this connection.
            RpcException failure =
                    last instanceof ConnectTimeoutException ? timeoutFailure() : failed(Thrown.text(last), last);
            failures.subList(0, failures.size() - 1).forEach(failure::addSuppressed);
            return failure;
        }

        private List<? extends SocketAddress> candidates() {
            InProcessAddress inProcess = address.inProcess();
            if (inProcess != null) {
                return List.of(inProcess);
            }
            return AddressOrder.of(List.of(lookUp()), turn.getAndIncrement()).stream()
                    .map(found -> new InetSocketAddress(found, address.port()))
                    .toList();
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

        private ConnectAttempt.Prepared<C> prepare(Channel channel) {
            endpoint.time().measures(channel);
            SslHandler handshake =
                    tls == null ? null : tls.install(channel, address.host(), address.port(), applicationProtocol);
            if (handshake == null) {
                channel.pipeline().addLast(new TlsAlertDetector());
            }
            PacedWrites.install(channel, ProcessMemory.newHolder(), null);
            C connection = attach.apply(channel);
            clock.start(0);
            return new ConnectAttempt.Prepared<>(connection, handshake);
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
            return RpcTimeoutException.beforeConnected(
                    "cannot connect to " + service + " at " + address + ": no connection within the connect timeout of "
                            + timeout.toMillis() + " ms, set by the client; passed "
                            + TimeUnit.NANOSECONDS.toMillis(clock.passedNanos()) + " ms" + doing,
                    timeout,
                    null);
        }
    }

    /** What happens while a connection is being made. */
    private sealed interface Event<C> {
        /** An attempt is connected. */
        record Connected<C>(ConnectAttempt<C> attempt) implements Event<C> {}

        /** The TLS handshake of an attempt is over. */
        record Shaken<C>(ConnectAttempt<C> attempt) implements Event<C> {}

        /** An attempt could not be connected. */
        record Failed<C>(Throwable cause) implements Event<C> {}

        /** The connection is made, or its time has passed. */
        record Over<C>() implements Event<C> {}
    }
}
