package io.streamx.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of this machine whose connections are played by the test. Not accepting is a script too: the system then completes
 * connections that nobody answers. Closing it closes its connections. For one thread.
 */
public final class ScriptedPort implements AutoCloseable {
    private final ServerSocket listener;
    private final List<ScriptedConnection> accepted = new ArrayList<>();
    private Duration deadline = ScriptedConnection.DEADLINE;

    private ScriptedPort(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on a free port of the loopback address. */
    public static ScriptedPort open() {
        try {
            return new ScriptedPort(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets how long each wait may take from here on, also on connections accepted later; 10 s when not set. */
    public ScriptedPort within(Duration time) {
        deadline = time;
        return this;
    }

    /** The port to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The address that clients are to be given, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** Waits for the next connection, and plays TTHeader on it. */
    public TTHeaderPeer acceptTTHeader() {
        return new TTHeaderPeer(accept());
    }

    /** Waits for the next connection, and plays gRPC on it: the preface has been read, and empty settings have been sent. */
    public GrpcPeer acceptGrpc() {
        return GrpcPeer.server(accept());
    }

    private ScriptedConnection accept() {
        try {
            listener.setSoTimeout(Math.toIntExact(deadline.toMillis()));
            ScriptedConnection connection = new ScriptedConnection(listener.accept());
            connection.within(deadline);
            accepted.add(connection);
            return connection;
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "expected a connection to " + address() + " within " + deadline.toMillis() + " ms, "
                            + accepted.size() + " came before",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            accepted.forEach(ScriptedConnection::close);
        }
    }
}
