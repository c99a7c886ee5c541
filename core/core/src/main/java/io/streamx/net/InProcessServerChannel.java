package io.streamx.net;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.streamx.InProcessAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a name within the process. A connection is made at once, and its server's end is given to the handlers by the
 * next task of the event loop. Names are those of one process and one class loader.
 */
public final class InProcessServerChannel extends AbstractServerChannel {
    private static final Map<InProcessAddress, InProcessServerChannel> LISTENING = new ConcurrentHashMap<>();
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private final ChannelConfig config = new DefaultChannelConfig(this);
    /** Connections that the handlers have not been given; guarded by itself, as is {@link #refusing}. */
    private final Queue<InProcessChannel> backlog = new ArrayDeque<>();

    private boolean refusing;
    private volatile @Nullable InProcessAddress address;
    private volatile boolean closed;

    /** A channel to be bound to an {@link InProcessAddress}. */
    public InProcessServerChannel() {
        // Netty makes listening channels by their constructor without arguments.
    }

    /**
     * Connects to whoever listens there.
     *
     * @return what the client's end has
     * @throws ConnectException when nobody does
     */
    static InProcessChannel.Link dial(SocketAddress to) throws IOException {
        InProcessServerChannel server = to instanceof InProcessAddress ? LISTENING.get(to) : null;
        if (server == null || !(to instanceof InProcessAddress address)) {
            throw new ConnectException("connection refused: no server of this process listens on " + to);
        }
        InProcessAddress client = address.client(CONNECTIONS.incrementAndGet());
        InProcessPipe toServer = new InProcessPipe();
        InProcessPipe toClient = new InProcessPipe();
        server.offer(new InProcessChannel(server, new InProcessChannel.Link(toServer, toClient, address, client)));
        return new InProcessChannel.Link(toClient, toServer, client, address);
    }

    private void offer(InProcessChannel connection) throws IOException {
        synchronized (backlog) {
            if (refusing) {
                throw new ConnectException("connection refused: the server on " + address + " is closed");
            }
            backlog.add(connection);
        }
        try {
            eventLoop().execute(this::accept);
        } catch (RejectedExecutionException loopHasEnded) {
            throw new ConnectException("connection refused: the server on " + address + " has ended");
        }
    }

    /** Refuses who comes from now on, and gives the handlers who has come. On the event loop. */
    void acceptTheLast() {
        refuse();
        accept();
    }

    private void accept() {
        while (true) {
            InProcessChannel next;
            synchronized (backlog) {
                next = backlog.poll();
            }
            if (next == null) {
                break;
            }
            pipeline().fireChannelRead(next);
        }
        pipeline().fireChannelReadComplete();
    }

    private void refuse() {
        synchronized (backlog) {
            refusing = true;
        }
        InProcessAddress bound = address;
        if (bound != null) {
            LISTENING.remove(bound, this);
        }
    }

    @Override
    protected void doBind(SocketAddress local) throws IOException {
        if (!(local instanceof InProcessAddress wanted)) {
            throw new BindException("address: " + local + " (expected: an address within the process)");
        }
        if (LISTENING.putIfAbsent(wanted, this) != null) {
            throw new BindException("another server of this process listens on it");
        }
        address = wanted;
    }

    @Override
    protected void doClose() {
        closed = true;
        refuse();
        while (true) {
            InProcessChannel nobodys;
            synchronized (backlog) {
                nobodys = backlog.poll();
            }
            if (nobodys == null) {
                return;
            }
            // It belongs to no event loop, so its client learns of the end by the end of what it reads.
            nobodys.doClose();
        }
    }

    @Override
    protected void doBeginRead() {
        // Connections are given to the handlers as they come.
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return address != null && !closed;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return address;
    }
}
