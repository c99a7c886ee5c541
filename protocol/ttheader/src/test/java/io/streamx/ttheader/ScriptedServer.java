package io.streamx.ttheader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A listening port whose connections are played by the test, each as a {@link ScriptedPeer}. Not accepting is a script
 * too: the system then completes connections nobody answers. Closing it closes its connections. One thread at a time.
 */
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final List<ScriptedPeer> accepted = new ArrayList<>();
    private Duration deadline = ScriptedPeer.DEADLINE;

    private ScriptedServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on a free port of the loopback address. */
    public static ScriptedServer start() {
        try {
            return new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How long each wait may take from here on, also those of connections accepted later. */
    public ScriptedServer within(Duration deadline) {
        this.deadline = deadline;
        return this;
    }

    /** Where to connect to. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** The port to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The next connection, waited for up to the deadline. */
    public ScriptedPeer accept() {
        try {
            listener.setSoTimeout(Math.toIntExact(deadline.toMillis()));
            ScriptedPeer peer = new ScriptedPeer(listener.accept()).within(deadline);
            accepted.add(peer);
            return peer;
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
            accepted.forEach(ScriptedPeer::close);
        }
    }
}
