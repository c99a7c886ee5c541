package io.streamx.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

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
    private NetworkMemory() {}

    /** The allocator of every socket: Netty's pooled one, which the options {@code io.netty.allocator.*} are for. */
    public static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }
}
