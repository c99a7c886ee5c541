package io.streamx.ttheader.unary;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.streamx.net.Sockets;
import java.util.concurrent.TimeUnit;

/**
 * How a server ends a connection without losing a request or a reply: a closing server waits until no request has come for a
 * while, and behind a last reply the connection stays until the peer can have read it. On the event loop.
 */
final class UnaryGracefulClose {
    /**
     * How long no request may come before a connection of a closing server counts as quiet. Most connections in use see
     * a request in this time.
     */
    private static final long QUIET_MILLIS = 500;

    /** How long a peer that is still sending has to read the last reply, before what it sends is answered with a reset. */
    private static final long LINGER_MILLIS = 1000;

    /** How long a peer that is not sending has: it closes too as soon as it has read the last reply. */
    private static final long LAST_REPLY_MILLIS = 100;

    /** What is asked of the connection. */
    interface Requests {
        /** How many requests have come. */
        long requestCount();

        /** Whether no request is running, waiting or arriving. */
        boolean isQuiet();

        /** Whether the connection has ended on either side. */
        boolean isGone();

        /** Closes the connection at once. */
        void close();
    }

    private final Channel channel;
    private final Requests requests;

    UnaryGracefulClose(Channel channel, Requests requests) {
        this.channel = channel;
        this.requests = requests;
    }

    /**
     * Closes the connection when it is quiet. Requests that left before the client could know are still served, and a client
     * whose connection carries one call at a time is told by the reply to its next request.
     */
    void closeWhenQuiet() {
        long seen = requests.requestCount();
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (seen == requests.requestCount() && requests.isQuiet()) {
                                requests.close();
                            } else if (!requests.isGone()) {
                                closeWhenQuiet();
                            }
                        },
                        QUIET_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /**
     * To be called before the last reply is written. The end then travels in the packet of the reply: a client that has the
     * reply knows that the connection is over before it makes the next call, also on carriers whose replies cannot say so.
     */
    void beforeLastReply() {
        // Transports other than epoll ignore the option.
        channel.config().setOption(EpollChannelOption.TCP_CORK, true);
    }

    /**
     * To be called when the last reply has been flushed: ends this side's half, and closes a while later. Closing over unread
     * bytes would be a reset, which may overtake the last reply; so these are read first.
     */
    void afterLastReply(boolean peerIsSending) {
        long millis = peerIsSending ? LINGER_MILLIS : LAST_REPLY_MILLIS;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (Sockets.endOutput(channel)) {
                channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
            }
        });
    }
}
