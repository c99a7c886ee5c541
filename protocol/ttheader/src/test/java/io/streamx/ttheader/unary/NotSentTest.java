package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.streamx.ConnectionLostException;
import io.streamx.PingPong;
import io.streamx.ttheader.unary.Echo.SayArgs;
import io.streamx.ttheader.unary.Echo.Text;
import io.streamx.wire.Limits;
import io.streamx.wire.NotSentException;
import io.streamx.wire.UnaryProtocol;
import io.streamx.wire.UnaryProtocol.Head;
import io.streamx.wire.UnaryProtocol.Reply;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection says of a call that it ended under: whether the server may have run it. */
class NotSentTest {
    /** How calls use a connection. */
    enum Use {
        ONE_AT_A_TIME,
        SHARED
    }

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private UnaryProtocol.Connection connect(Use use) {
        UnaryProtocol protocol = new UnaryClientProtocol(PingPong.TTHEADER);
        return switch (use) {
            case ONE_AT_A_TIME -> protocol.connect(channel, Limits.DEFAULT, "");
            case SHARED -> protocol.connectShared(channel, Limits.DEFAULT, "");
        };
    }

    private static CompletableFuture<Reply<Text>> say(UnaryProtocol.Connection connection) {
        return connection.call(
                Echo.SAY, new SayArgs(new Text("hello")), new Head("demo.echo", Map.of(), Map.of(), null, null));
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void aRequestThatWaitsForItsTurnWhenTheConnectionEndsHasNotLeft(Use use) {
        CompletableFuture<Reply<Text>> call = say(connect(use));

        // Closing an embedded channel would run first what waits.
        channel.pipeline().fireChannelInactive();
        channel.runPendingTasks();

        assertThat(call.exceptionNow())
                .isInstanceOf(NotSentException.class)
                .hasMessageMatching("Echo.Say could not be sent: the connection was closed");
        assertThat((ByteBuf) channel.readOutbound()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void aCallOnAConnectionThatHasEndedHasNotLeft(Use use) {
        UnaryProtocol.Connection connection = connect(use);
        channel.close();
        channel.runPendingTasks();

        CompletableFuture<Reply<Text>> call = say(connection);
        channel.runPendingTasks();

        assertThat(call.exceptionNow()).isInstanceOf(NotSentException.class);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void aRequestThatHasLeftMayHaveBeenRun(Use use) {
        CompletableFuture<Reply<Text>> call = say(connect(use));
        channel.runPendingTasks();
        ByteBuf request = channel.readOutbound();
        assertThat(request.isReadable()).isTrue();
        request.release();

        channel.close();
        channel.runPendingTasks();

        assertThat(call.exceptionNow())
                .isExactlyInstanceOf(ConnectionLostException.class)
                .hasMessageStartingWith("Echo.Say got no reply: the connection was closed");
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void aCallThatWasGivenUpWhileItWaitedIsNotSent(Use use) {
        UnaryProtocol.Connection connection = connect(use);
        CompletableFuture<Reply<Text>> call = say(connection);
        call.cancel(false);

        channel.runPendingTasks();

        assertThat((ByteBuf) channel.readOutbound()).isNull();
    }

    @Test
    void aCallThatCameAfterTheServerAnnouncedItsEndIsNotSent() {
        UnaryProtocol.Connection connection = connect(Use.SHARED);
        CompletableFuture<Reply<Text>> call = say(connection);
        channel.writeInbound(new ReplyEncoder(Limits.DEFAULT).closeAnnouncement());
        channel.runPendingTasks();

        assertThat(call.exceptionNow()).isInstanceOf(NotSentException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aRequestIsNotWrittenToAPeerWhoseEndTheEventLoopHasNotReadYet() throws Exception {
        Assumptions.assumeTrue(
                Epoll.isAvailable(), "no epoll here: the system is not asked for the state of a connection");
        CountDownLatch busy = new CountDownLatch(1);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel connected = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(listener.getLocalSocketAddress())
                    .sync()
                    .channel();
            UnaryProtocol.Connection connection = connected
                    .eventLoop()
                    .submit(() -> new UnaryClientProtocol(PingPong.FRAMED).connect(connected, Limits.DEFAULT, ""))
                    .get(20, TimeUnit.SECONDS);
            connected.eventLoop().submit(() -> {
                busy.await();
                return busy;
            });
            listener.accept().close();
            CompletableFuture<Reply<Text>> call = say(connection);
            assertThat(connection.isUsable()).as("what the event loop knows").isTrue();

            busy.countDown();

            assertThat(call).failsWithin(Duration.ofSeconds(20));
            assertThat(call.exceptionNow()).isInstanceOf(NotSentException.class);
        } finally {
            busy.countDown();
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
