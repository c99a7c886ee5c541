package io.streamx.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between clients and a server and spoils their connections when the test says so:
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
 *         Client client = Client.builder("Chat").address(proxy.address()).build()) {
 *     proxy.delay(Duration.ofMillis(200));
 *     proxy.cut();
 * }
 * }</pre>
 *
 * <p>A fault holds for the connections that are there and for those to come, until {@link #heal}; those that name a
 * connection's end ({@link #cut}, {@link #hangUp}, {@link #halfClose}, {@link #truncateAfter}) are for those that are there. Safe
 * from any thread. {@link #close} ends all of its connections and its port.
 */
public final class FaultProxy implements AutoCloseable {
    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by the lock. */
    private final List<ProxiedConnection> connections = new ArrayList<>();

    private final FaultState toServer = new FaultState();
    private final FaultState toClient = new FaultState();
    /** Guarded by the lock. */
    private int accepted;

    private FaultProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /** A proxy on a free port of this machine before that server. */
    public static FaultProxy to(String host, int port) {
        try {
            FaultProxy proxy = new FaultProxy(
                    new InetSocketAddress(host, port), new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("fault-proxy-accept").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that clients are to be given. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The address that clients are to be given, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    // ---- faults that hold until they are healed ----

    /** Delays all bytes by {@code time}, in both directions. */
    public FaultProxy delay(Duration time) {
        return delay(Direction.TO_SERVER, time).delay(Direction.TO_CLIENT, time);
    }

    /** Delays all bytes by {@code time}, in that direction. */
    public FaultProxy delay(Direction direction, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("delay: " + time + " (expected: not negative)");
        }
        state(direction).delay(time);
        return this;
    }

    /** Lets at most {@code bytesPerSecond} bytes of each connection pass in a second, in that direction. */
    public FaultProxy throttle(Direction direction, int bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + " (expected: > 0)");
        }
        state(direction).throttle(bytesPerSecond);
        return this;
    }

    /** Lets nothing pass any more, in either direction, and ends no connection, as when the network has gone. */
    public FaultProxy blackHole() {
        return blackHole(Direction.TO_SERVER).blackHole(Direction.TO_CLIENT);
    }

    /** Lets nothing pass any more in that direction, and ends no connection. */
    public FaultProxy blackHole(Direction direction) {
        state(direction).blackHole(true);
        return this;
    }

    /** Ends delays, throttles and black holes. Bytes that were kept back are passed on. */
    public FaultProxy heal() {
        toServer.heal();
        toClient.heal();
        return this;
    }

    // ---- ends of the connections that are there ----

    /** Ends the connections by a reset, on both sides. What is on its way is lost. */
    public FaultProxy cut() {
        current().forEach(ProxiedConnection::reset);
        return this;
    }

    /** Ends the connections in order (FIN), on both sides. */
    public FaultProxy hangUp() {
        current().forEach(ProxiedConnection::close);
        return this;
    }

    /** Ends one direction in order (FIN). The other direction goes on. */
    public FaultProxy halfClose(Direction direction) {
        current().forEach(connection -> connection.pump(direction).halfClose());
        return this;
    }

    /** Lets so many more bytes pass in that direction of each connection, then ends the connection in order (FIN). */
    public FaultProxy truncateAfter(Direction direction, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: not negative)");
        }
        current().forEach(connection -> connection.pump(direction).truncateAfter(bytes));
        return this;
    }

    // ---- what happens ----

    /** How many connections are there now. */
    public int connections() {
        return current().size();
    }

    /**
     * Waits until so many connections have come, from the first on.
     *
     * @throws AssertionError when fewer came within 10 s
     */
    public void awaitAccepted(int count) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(10);
        lock.lock();
        try {
            while (accepted < count) {
                if (left <= 0) {
                    throw new AssertionError("connections within 10 s: " + accepted + " (expected: " + count + ")");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private FaultState state(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private List<ProxiedConnection> current() {
        lock.lock();
        try {
            return List.copyOf(connections);
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                // The proxy is closed.
                return;
            }
            Thread.ofVirtual().name("fault-proxy-connect").start(() -> connect(client));
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, 10_000);
        } catch (IOException e) {
            ProxiedConnection.closeQuietly(client);
            ProxiedConnection.closeQuietly(server);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, toServer, toClient, this::forget);
        lock.lock();
        try {
            connections.add(connection);
            accepted++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (listener.isClosed()) {
            connection.close();
        } else {
            connection.start();
        }
    }

    private void forget(ProxiedConnection connection) {
        lock.lock();
        try {
            connections.remove(connection);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            current().forEach(ProxiedConnection::close);
        }
    }
}
