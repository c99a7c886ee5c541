package io.streamx.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The socket of a scripted peer, and what went over it in words. For one thread. */
final class ScriptedConnection {
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Socket socket;
    private final List<String> transcript = new ArrayList<>();
    private Duration deadline = DEADLINE;

    ScriptedConnection(Socket socket) throws SocketException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
    }

    static ScriptedConnection to(String host, int port) {
        try {
            return new ScriptedConnection(new Socket(host, port));
        } catch (IOException e) {
            throw new UncheckedIOException("connecting to " + host + ":" + port, e);
        }
    }

    void within(Duration time) {
        deadline = time;
    }

    void record(String line) {
        transcript.add(line);
    }

    List<String> transcript() {
        return List.copyOf(transcript);
    }

    /**
     * Reads {@code count} bytes.
     *
     * @param what is waited for, for the failure
     * @throws EOFException when the connection ends before the first of them
     */
    byte[] read(int count, String what) throws EOFException {
        byte[] bytes = new byte[count];
        int at = 0;
        long until = System.nanoTime() + deadline.toNanos();
        try {
            InputStream in = socket.getInputStream();
            while (at < count) {
                long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                socket.setSoTimeout(Math.clamp(millis, 1, Integer.MAX_VALUE));
                int read = in.read(bytes, at, count - at);
                if (read < 0) {
                    if (at == 0) {
                        throw new EOFException();
                    }
                    throw failure("expected " + what + ", but the connection ended within a frame", null);
                }
                at += read;
            }
            return bytes;
        } catch (SocketTimeoutException e) {
            throw failure("expected " + what + " within " + deadline.toMillis() + " ms, but nothing came", null);
        } catch (SocketException e) {
            record("<< RST");
            throw new EOFException();
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(byte[] bytes) {
        // A blocking write knows no timeout; it is left to a thread that ends with the socket.
        FutureTask<@Nullable Void> write = new FutureTask<>(() -> {
            socket.getOutputStream().write(bytes);
            return null;
        });
        Thread.ofVirtual().name("scripted-peer-write").start(write);
        try {
            write.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            close();
            throw failure("sending took more than " + deadline.toMillis() + " ms: the other side does not read", null);
        } catch (ExecutionException e) {
            throw failure("sending failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw failure("interrupted while sending", e);
        }
    }

    void halfClose() {
        try {
            socket.shutdownOutput();
            record(">> FIN");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void reset() {
        try {
            socket.setSoLinger(true, 0);
            record(">> RST");
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        } finally {
            close();
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AssertionError failure(String message, @Nullable Throwable cause) {
        StringBuilder text = new StringBuilder(message).append("\nso far:");
        transcript.forEach(line -> text.append("\n  ").append(line));
        return new AssertionError(text.toString(), cause);
    }
}
