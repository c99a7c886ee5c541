package io.streamx.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.internal.StringUtil;
import io.streamx.InProcessAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection within the process, for the event loops that sockets have too: it asks nothing of the operating
 * system, so it does not matter what kind of loop that is. To handlers it is a socket: bytes are bounded in flight, so that a
 * reader that does not read makes its writer wait; each side can end its half; and bytes are copied from the writer's
 * memory to memory of the reader, which may do with it as it likes.
 *
 * <p>Netty's {@code LocalChannel} has neither a bound nor halves, and hands the reader what the writer may still own.
 */
public final class InProcessChannel extends AbstractChannel implements DuplexChannel {
    /** As many pieces in a row as Netty reads of a socket, before other connections of the loop have their turn. */
    private static final int READS_IN_A_ROW = 16;

    private static final int PIECE_BYTES = 64 << 10;
    private static final int LEAST_BYTES = 256;
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, READS_IN_A_ROW);

    /**
     * What a connected end has.
     *
     * @param in what the peer writes
     * @param out what this end writes
     */
    record Link(InProcessPipe in, InProcessPipe out, InProcessAddress local, InProcessAddress remote) {}

    private final ChannelConfig config = new Config();
    private final Runnable readTask = this::readNow;
    private final Runnable flushTask = this::flushAgain;
    private volatile @Nullable Link link;
    private volatile boolean closed;
    private volatile boolean inputEnded;
    private volatile boolean outputEnded;
    /** Whether handlers have asked for bytes that they have not got. On the event loop. */
    private boolean readPending;
    /** Whether the peer's reader has to make room first. On the event loop. */
    private boolean awaitsRoom;

    /** The client's end, to be connected to an {@link InProcessAddress}. */
    public InProcessChannel() {
        super(null);
    }

    /** The server's end of a connection. */
    InProcessChannel(Channel parent, Link link) {
        super(parent);
        this.link = link;
    }

    /** Whether the peer writes no more, though some of what it wrote may be unread. Any thread. */
    boolean hasPeerEnded() {
        Link connected = link;
        return connected != null && connected.in().hasEnded();
    }

    // ---- reading ----

    @Override
    protected void doBeginRead() {
        if (!readPending) {
            readPending = true;
            readWhenPossible();
        }
    }

    private void readWhenPossible() {
        Link connected = link;
        if (connected != null && !inputEnded && !connected.in().awaitBytes(() -> onLoop(readTask))) {
            onLoop(readTask);
        }
    }

    private void readNow() {
        Link connected = link;
        if (!readPending || connected == null || closed || inputEnded) {
            return;
        }
        readPending = false;
        int reads = 0;
        while (reads < READS_IN_A_ROW && (reads == 0 || config.isAutoRead())) {
            ByteBuf piece = connected.in().read();
            if (piece == null) {
                break;
            }
            reads++;
            pipeline().fireChannelRead(piece);
        }
        if (reads > 0) {
            // Asks for more when handlers want bytes as they come.
            pipeline().fireChannelReadComplete();
        }
        if (connected.in().isReadToTheEnd()) {
            unsafe().close(voidPromise());
        } else if (reads == 0) {
            doBeginRead();
        }
    }

    // ---- writing ----

    @Override
    protected void doWrite(ChannelOutboundBuffer pending) throws IOException {
        Link connected = link;
        if (connected == null) {
            return;
        }
        while (pending.current() != null) {
            int room = connected.out().room();
            if (room > 0) {
                connected.out().write(gathered(pending, Math.min(room, PIECE_BYTES)));
            } else if (connected.out().awaitRoom(() -> onLoop(flushTask))) {
                awaitsRoom = true;
                return;
            }
        }
    }

    /** A copy of what is written next, as many bytes as that at most. */
    private ByteBuf gathered(ChannelOutboundBuffer pending, int most) {
        long expected = Math.max(LEAST_BYTES, pending.totalPendingWriteBytes());
        ByteBuf piece = alloc().ioBuffer((int) Math.min(most, expected), most);
        while (piece.readableBytes() < most && pending.current() instanceof ByteBuf bytes) {
            int length = Math.min(bytes.readableBytes(), most - piece.readableBytes());
            piece.writeBytes(bytes, bytes.readerIndex(), length);
            if (length == bytes.readableBytes()) {
                pending.progress(length);
                pending.remove();
            } else {
                pending.removeBytes(length);
            }
        }
        return piece;
    }

    private void flushAgain() {
        awaitsRoom = false;
        ((End) unsafe()).flushNow();
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException(
                "message of the type " + StringUtil.simpleClassName(message) + " (expected: a ByteBuf)");
    }

    /** Runs {@code task} as one of the event loop, from any thread. */
    private void onLoop(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            // So has everything that would read or write here.
        }
    }

    // ---- ends ----

    @Override
    protected void doClose() {
        closed = true;
        Link connected = link;
        if (connected != null) {
            connected.in().breakOff();
            connected.out().end();
        }
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doShutdownOutput() {
        outputEnded = true;
        Link connected = link;
        if (connected != null) {
            connected.out().end();
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded || closed;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputEnded || closed;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        onLoop(() -> {
            inputEnded = true;
            Link connected = link;
            if (connected != null) {
                connected.in().breakOff();
            }
            promise.trySuccess();
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        } else {
            onLoop(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownInput();
        return shutdownOutput(promise);
    }

    // ---- what else a channel has ----

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return link != null && !closed;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException(
                "bound to " + address + " (expected: the address of a connection within the process, which is given)");
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        Link connected = link;
        return connected == null ? null : connected.local();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        Link connected = link;
        return connected == null ? null : connected.remote();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new End();
    }

    private final class End extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            if (link != null) {
                promise.setFailure(new AlreadyConnectedException());
                return;
            }
            try {
                link = InProcessServerChannel.dial(remote);
            } catch (IOException nobodyListens) {
                safeSetFailure(promise, nobodyListens);
                return;
            }
            safeSetSuccess(promise);
            pipeline().fireChannelActive();
            if (readPending) {
                readWhenPossible();
            }
        }

        @Override
        protected void flush0() {
            if (!awaitsRoom) {
                super.flush0();
            }
        }

        void flushNow() {
            super.flush0();
        }
    }

    private final class Config extends DefaultChannelConfig {
        Config() {
            super(InProcessChannel.this);
        }

        @Override
        protected void autoReadCleared() {
            if (isRegistered() && eventLoop().inEventLoop()) {
                readPending = false;
            } else if (isRegistered()) {
                onLoop(() -> readPending = isAutoRead() && readPending);
            }
        }
    }
}
