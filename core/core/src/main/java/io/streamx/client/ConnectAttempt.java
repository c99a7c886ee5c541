package io.streamx.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The attempt to connect to one IP address. For the thread that makes the connection. */
final class ConnectAttempt<C> {
    /** How long a channel that is given up may take to close. */
    private static final long CLOSE_SECONDS = 5;

    /** What was put into a channel: the protocol, and TLS where there is any. */
    record Prepared<C>(C connection, @Nullable SslHandler handshake) {}

    private final ChannelInitializer<Channel> initializer;
    private volatile @Nullable Prepared<C> prepared;
    private @Nullable ChannelFuture connecting;
    private boolean won;

    /** {@code prepare} puts the protocol into the new channel, on its event loop. */
    ConnectAttempt(Function<Channel, Prepared<C>> prepare) {
        initializer = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                prepared = prepare.apply(channel);
            }
        };
    }

    /** Begins to connect. The future says whether that was possible. */
    ChannelFuture begin(Bootstrap bootstrap, SocketAddress address) {
        ChannelFuture begun = bootstrap.handler(initializer).connect(address);
        connecting = begun;
        return begun;
    }

    /** What the channel has, once it is connected. */
    Prepared<C> prepared() {
        Prepared<C> made = prepared;
        if (made == null) {
            throw new IllegalStateException("channel was connected before its protocol was attached");
        }
        return made;
    }

    /** The channel, once the attempt has begun. */
    Channel channel() {
        return Objects.requireNonNull(connecting).channel();
    }

    /** Makes this connection the outcome; says whether it is, which it is not where another outcome came first. */
    boolean win(CompletableFuture<C> result) {
        won = result.complete(prepared().connection());
        return won;
    }

    /** Whether this connection is the outcome. */
    boolean hasWon() {
        return won;
    }

    /** Closes the channel, and waits until it is closed: the event loop must not end under it. */
    void giveUp() throws InterruptedException {
        ChannelFuture begun = connecting;
        if (begun == null) {
            return;
        }
        // The channel is closed, and the connecting is not cancelled: handlers such as Netty's own of HTTP/2 tell the
        // future of the outcome, and a cancelled one makes them fail with a warning that nobody can act on.
        if (begun.channel().isRegistered()) {
            begun.channel().close();
        } else {
            begun.addListener(done -> begun.channel().close());
        }
        CountDownLatch closed = new CountDownLatch(1);
        begun.channel().closeFuture().addListener(done -> closed.countDown());
        boolean unused = closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
