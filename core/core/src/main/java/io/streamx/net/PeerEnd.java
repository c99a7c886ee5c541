package io.streamx.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;

/**
 * Asks the operating system whether a peer has closed a connection. An event loop that has much to do learns of it late,
 * and a request that is written before that is lost without anybody being able to say whether it was run.
 */
public final class PeerEnd {
    /** {@code TCP_ESTABLISHED} of Linux; a connection that its peer has closed is in another state. */
    private static final int ESTABLISHED = 1;

    private PeerEnd() {}

    /**
     * Says whether the peer's end, or a reset, has arrived; false where the system cannot be asked. One system call, on
     * the connection's event loop.
     */
    public static boolean hasCome(Channel channel) {
        if (channel instanceof InProcessChannel inProcess) {
            return inProcess.hasPeerEnded();
        }
        if (!(channel instanceof EpollSocketChannel socket) || !socket.isActive()) {
            return false;
        }
        try {
            return socket.tcpInfo(new EpollTcpInfo()).state() != ESTABLISHED;
        } catch (ChannelException noTcp) {
            return false;
        }
    }
}
