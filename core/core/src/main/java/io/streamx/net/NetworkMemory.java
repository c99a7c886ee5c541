package io.streamx.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where buffers come from that bytes are read into and written from, for all sockets of clients and servers.
 *
 * <p>Netty's own default, the adaptive allocator, gives its chunks back and takes new ones all the time under our load,
 * in which buffers of many sizes live for a moment. From JDK 24 on Netty takes direct memory as shared arenas of the JDK,
 * unless the user permits {@code sun.misc.Unsafe}; closing such an arena stops every thread of the process for a
 * handshake. The pooled allocator keeps its chunks (4 MiB each, one at the least for each event loop that is in use)
 * for as long as anything of them is used.
 */
public final class NetworkMemory {
    /** Of direct memory, all connections together may hold about this part with bytes that the network has not taken. */
    private static final int UNSENT_PART = 16;

    private static final int MOST_UNSENT_BYTES = 256 << 10;
    private static final int LEAST_UNSENT_BYTES = 16 << 10;
    private static final AtomicInteger CONNECTIONS = new AtomicInteger();

    private NetworkMemory() {}

    /**
     * Counts a connection that is open until it closes, and says how many bytes it takes before its senders wait: the
     * fewer the more connections there are, so that peers which read nothing cannot use up the direct memory of the
     * process. Any thread.
     */
    public static void opened(Channel channel) {
        int high = mostUnsentBytes(CONNECTIONS.incrementAndGet(), PlatformDependent.maxDirectMemory());
        channel.closeFuture().addListener(closed -> CONNECTIONS.decrementAndGet());
        if (high < MOST_UNSENT_BYTES) {
            channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
        }
    }

    /** How many connections are open. */
    static int connections() {
        return CONNECTIONS.get();
    }

    /** For the newest of so many connections. */
    static int mostUnsentBytes(int connections, long directBytes) {
        long share = directBytes / UNSENT_PART / connections;
        return (int) Math.max(LEAST_UNSENT_BYTES, Math.min(MOST_UNSENT_BYTES, share));
    }

    /** The allocator of every socket: Netty's pooled one, which the options {@code io.netty.allocator.*} are for. */
    public static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }
}
