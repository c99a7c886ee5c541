package io.streamx.recording;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and a server on one port, passes bytes on as they come, and records them before it does. What one end
 * does not read holds up the other, as without the proxy.
 */
public final class RecordingProxy implements Closeable {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket listening;
    private final InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong clientBytes = new AtomicLong();
    private final AtomicLong serverBytes = new AtomicLong();
    /** Whoever closes, and each connection that is being passed on. */
    private final Phaser running = new Phaser(1);

    private volatile @Nullable IOException failure;

    /** Listens at once; {@link #run} accepts. */
    public RecordingProxy(InetSocketAddress listen, InetSocketAddress server) throws IOException {
        this.server = server;
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(listen);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /**
     * Takes connections until {@link #close}, or until so many have ended.
     *
     * @param recorder what writes the recording; its owner closes it
     * @param most how many connections are taken; all that come if 0
     * @throws IOException when the recording cannot be written
     */
    public void run(Recording.Output recorder, int most) throws IOException {
        CountDownLatch ended = new CountDownLatch(most);
        try {
            while (!listening.isClosed() && (most == 0 || connections.get() < most)) {
                Socket client = listening.accept();
                int number = connections.incrementAndGet();
                running.register();
                Thread.startVirtualThread(() -> {
                    try {
                        pass(recorder, client, number);
                    } finally {
                        running.arriveAndDeregister();
                        ended.countDown();
                    }
                });
            }
            ended.await();
        } catch (IOException closed) {
            if (!listening.isClosed()) {
                throw closed;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** What has passed so far, for people. */
    public String summary() {
        return connections + " connections, " + clientBytes + " bytes from clients, " + serverBytes
                + " from the server";
    }

    private void pass(Recording.Output recorder, Socket client, int number) {
        String why = "";
        open.add(client);
        try (client;
                Socket upstream = new Socket()) {
            open.add(upstream);
            recorder.event(number, Recording.Kind.OPEN, "");
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server, CONNECT_MILLIS);
            Thread back =
                    Thread.startVirtualThread(() -> copy(recorder, number, upstream, client, Recording.Kind.SERVER));
            copy(recorder, number, client, upstream, Recording.Kind.CLIENT);
            back.join();
            open.remove(upstream);
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
            record(recorder, number, Recording.Kind.CLOSE, why);
        }
    }

    private void copy(Recording.Output recorder, int number, Socket from, Socket to, Recording.Kind kind) {
        boolean isClient = kind == Recording.Kind.CLIENT;
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                try {
                    recorder.bytes(number, kind, chunk, length);
                } catch (IOException e) {
                    giveUp(e);
                    return;
                }
                (isClient ? clientBytes : serverBytes).addAndGet(length);
                out.write(chunk, 0, length);
            }
            record(recorder, number, isClient ? Recording.Kind.CLIENT_END : Recording.Kind.SERVER_END, "");
            to.shutdownOutput();
        } catch (IOException gone) {
            // One end is gone. The other end learns of that when its socket is closed.
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private void record(Recording.Output recorder, int number, Recording.Kind kind, String why) {
        try {
            recorder.event(number, kind, why);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    /** Ends the proxy, because a recording with a hole is worth nothing. */
    private void giveUp(IOException e) {
        if (failure == null && !listening.isClosed()) {
            failure = e;
        }
        try {
            close();
        } catch (UncheckedIOException alreadyFailing) {
            // Only the first failure is reported.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is closed already.
        }
    }

    /**
     * Takes no more connections, waits until those that are open have ended, and closes what is left when the time is over. So
     * the recording has what a client sent last.
     */
    public void close(Duration patience) throws InterruptedException {
        try {
            listening.close();
            running.awaitAdvanceInterruptibly(running.arrive(), patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // Connections that are still open are closed below.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close();
        }
    }

    /** Closes the port and all connections at once. */
    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.forEach(RecordingProxy::closeQuietly);
        }
    }
}
