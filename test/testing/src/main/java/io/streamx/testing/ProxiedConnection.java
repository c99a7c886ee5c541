package io.streamx.testing;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A connection of a client and the proxy's own to the server, with a pump for each direction. Safe from any thread. */
final class ProxiedConnection {
    private final Socket client;
    private final Socket server;
    private final FaultState toServer;
    private final FaultState toClient;
    private final Pump up;
    private final Pump down;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger openDirections = new AtomicInteger(2);

    ProxiedConnection(
            Socket client, Socket server, FaultState toServer, FaultState toClient, Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.server = server;
        this.toServer = toServer;
        this.toClient = toClient;
        this.ended = ended;
        up = new Pump(client, server, toServer);
        down = new Pump(server, client, toClient);
    }

    void start() {
        up.start();
        down.start();
    }

    Pump pump(Direction direction) {
        return direction == Direction.TO_SERVER ? up : down;
    }

    /** Ends both sockets by a reset. */
    void reset() {
        lingerNot(client);
        lingerNot(server);
        close();
    }

    private static void lingerNot(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // The socket is closed already, and there is nothing left to reset.
            return;
        }
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(client);
            closeQuietly(server);
            toServer.wake();
            toClient.wake();
            up.stop();
            down.stop();
            ended.accept(this);
        }
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The connection is over, whether this has worked or not.
            return;
        }
    }

    /** Passes the bytes that come on one socket on to another one. */
    final class Pump {
        private static final int MOST_BYTES = 64 << 10;
        /** Pieces that wait, so that delayed bytes are not lost and memory stays bounded. */
        private static final int MOST_PIECES = 256;

        private final Socket from;
        private final Socket to;
        private final FaultState faults;
        private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>(MOST_PIECES);
        private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
        private volatile boolean halfClosed;

        /** The bytes of one read; none for the end. */
        private static final class Piece {
            private final byte[] bytes;
            private final long arrivedNanos;

            Piece(byte[] bytes, long arrivedNanos) {
                this.bytes = bytes;
                this.arrivedNanos = arrivedNanos;
            }
        }

        Pump(Socket from, Socket to, FaultState faults) {
            this.from = from;
            this.to = to;
            this.faults = faults;
        }

        void start() {
            Thread.ofVirtual().name("fault-proxy-read").start(this::read);
            Thread.ofVirtual().name("fault-proxy-write").start(this::write);
        }

        void halfClose() {
            halfClosed = true;
            shutdownOutput();
        }

        /** Wakes the threads that wait for bytes, or for room for them. The sockets are closed already. */
        void stop() {
            pieces.clear();
            boolean unused = pieces.offer(new Piece(new byte[0], 0));
        }

        void truncateAfter(long bytes) {
            bytesLeft.set(bytes);
            if (bytes == 0) {
                close();
            }
        }

        private void read() {
            byte[] buffer = new byte[MOST_BYTES];
            try {
                while (true) {
                    int count = from.getInputStream().read(buffer);
                    pieces.put(new Piece(count < 0 ? new byte[0] : Arrays.copyOf(buffer, count), System.nanoTime()));
                    if (count < 0) {
                        return;
                    }
                }
            } catch (IOException e) {
                // One side has reset its connection: the other one is to see that too.
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void write() {
            long last = System.nanoTime();
            try {
                while (!closed.get()) {
                    Piece piece = pieces.take();
                    if (closed.get()) {
                        return;
                    }
                    int length = piece.bytes.length;
                    faults.awaitTurn(piece.arrivedNanos, last, 0, closed::get);
                    if (closed.get()) {
                        return;
                    }
                    if (length == 0) {
                        end();
                        return;
                    }
                    for (int at = 0; at < length; ) {
                        int count = Math.min(faults.mostAtOnce(length), length - at);
                        faults.awaitTurn(piece.arrivedNanos, last, count, closed::get);
                        if (!pass(piece.bytes, at, count)) {
                            return;
                        }
                        last = System.nanoTime();
                        at += count;
                    }
                }
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Passes bytes on. Returns false when nothing more is to be passed on. */
        private boolean pass(byte[] bytes, int at, int count) throws IOException {
            if (closed.get()) {
                return false;
            }
            if (halfClosed) {
                // What comes after the end of this direction is dropped, and the sender goes on.
                return true;
            }
            long left = bytesLeft.get();
            int passed = (int) Math.min(count, left);
            to.getOutputStream().write(bytes, at, passed);
            if (left != Long.MAX_VALUE && bytesLeft.addAndGet(-passed) <= 0) {
                close();
                return false;
            }
            return true;
        }

        private void end() {
            shutdownOutput();
            if (openDirections.decrementAndGet() == 0) {
                close();
            }
        }

        private void shutdownOutput() {
            try {
                to.shutdownOutput();
            } catch (IOException e) {
                // The socket is closed already.
                return;
            }
        }
    }
}
