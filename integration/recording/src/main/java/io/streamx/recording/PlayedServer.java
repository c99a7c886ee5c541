package io.streamx.recording;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Plays the server of a recording to clients, on a port of its own. A call is answered as the next one of its method was that the
 * recording has, on whichever connection; each answer comes when as many frames of the client have come as before it in the
 * recording, whatever they say. What they say is compared afterwards: {@link #calls}. Of calls of one method that are made side by
 * side, each is the one that begins alike. A call that the recording does not have is refused.
 *
 * <p>Safe from any thread. {@link #close} ends its connections.
 */
public final class PlayedServer implements Closeable {
    private static final int CLOSE_MILLIS = 5_000;

    private final EventLoopGroup loops;
    private final Channel listening;
    /** On the one event loop alone. */
    private final PlayedCalls calls;

    private PlayedServer(EventLoopGroup loops, Channel listening, PlayedCalls calls) {
        this.loops = loops;
        this.listening = listening;
        this.calls = calls;
    }

    /**
     * Begins to listen, on a free port of the loopback address.
     *
     * @param events of a recording
     * @param texts puts messages into words; used by one thread
     * @param ignored the names of entries by which calls made side by side are not told from each other
     * @param keepsPace whether the pauses before answers are made again. Else each comes at once
     * @throws IOException when no port can be had
     */
    public static PlayedServer start(
            List<Recording.Event> events, FrameTexts texts, Set<String> ignored, boolean keepsPace) throws IOException {
        PlayedCalls calls = new PlayedCalls(RecordedExchange.of(events, texts), ignored);
        // One thread, so that the calls of all connections are matched one after the other.
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("streamx-played-server", true), NioIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new PlayedConnection(calls, texts, keepsPace));
                    }
                });
        var bound = bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            throw new IOException("no port of the loopback address", bound.cause());
        }
        return new PlayedServer(loops, bound.channel(), calls);
    }

    /** The port to connect to. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /**
     * Waits until as many frames have come to each call as the recording has of its client.
     *
     * @return whether they have come in this time
     * @throws InterruptedException when the caller was interrupted
     */
    public boolean await(Duration patience) throws InterruptedException {
        try {
            calls.allCame().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What clients have sent so far beside what they sent in the recording, in the order of the recording; then the calls that it
     * does not have.
     */
    public List<PlayedCall> calls() {
        List<PlayedCall> seen = new ArrayList<>();
        if (loops.isShutdown()) {
            calls.addTo(seen);
        } else {
            listening.eventLoop().submit(() -> calls.addTo(seen)).syncUninterruptibly();
        }
        return seen;
    }

    /** Closes the port and all connections. Afterwards {@link #calls} still says what came. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        calls.closeAll();
        loops.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }
}
