package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveWindowsTest {
    private final DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
    private final ReceiveWindows windows = new ReceiveWindows(connection, 100_000, 1_000_000);
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final List<String> updates = new ArrayList<>();

    ReceiveWindowsTest() {
        connection.local().flowController(windows);
        windows.channelHandlerContext(channel.pipeline().firstContext());
        windows.frameWriter(new DefaultHttp2FrameWriter() {
            @Override
            public ChannelFuture writeWindowUpdate(
                    ChannelHandlerContext ctx, int streamId, int increment, ChannelPromise promise) {
                updates.add(streamId + "+" + increment);
                return promise.setSuccess();
            }
        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private Http2Stream stream(int id) throws Http2Exception {
        return connection.remote().createStream(id, false);
    }

    private void data(Http2Stream stream, int bytes, int padding) throws Http2Exception {
        ByteBuf data = Unpooled.wrappedBuffer(new byte[bytes]);
        windows.receiveFlowControlledFrame(stream, data, padding, false);
    }

    @Test
    void theConnectionIsAnnouncedAndGivenBackOnArrival() throws Exception {
        windows.open();
        Http2Stream stream = stream(1);
        data(stream, 24_000, 0);
        data(stream, 2_000, 0);
        assertThat(updates).containsExactly("0+34465", "0+26000");
    }

    @Test
    void aStreamIsGivenBackWhatItsUserTook() throws Exception {
        Http2Stream stream = stream(1);
        data(stream, 10_000, 0);
        assertThat(windows.windowSize(stream)).isEqualTo(55_535);
        windows.taken(windows.window(stream), 10_000);
        assertThat(windows.windowSize(stream)).isEqualTo(65_535);
        assertThat(updates).contains("1+10000");
    }

    @Test
    void aPeerThatHasUsedUpTheWindowGetsAByteForItsEndOnce() throws Exception {
        Http2Stream stream = stream(1);
        ReceiveWindows.StreamWindow window = windows.window(stream);
        data(stream, 65_534, 0);
        windows.leaveRoomForEnd(window);
        assertThat(updates).doesNotContain("1+1");
        data(stream, 1, 0);
        windows.leaveRoomForEnd(window);
        data(stream, 1, 0);
        windows.leaveRoomForEnd(window);
        assertThat(updates).containsOnlyOnce("1+1");
        windows.taken(window, 65_536);
        assertThat(windows.windowSize(stream)).isEqualTo(65_535);
    }

    @Test
    void paddingIsGivenBackAtOnce() throws Exception {
        Http2Stream stream = stream(1);
        data(stream, 10, 200);
        assertThat(updates).containsExactly("1+200");
    }

    @Test
    void aLargeMessageIsLetInAndItsReadingGivesBackTheWindowAlone() throws Exception {
        Http2Stream stream = stream(1);
        data(stream, 1000, 0);
        windows.expect(windows.window(stream), 199_000);
        assertThat(updates).containsExactly("1+" + (199_000 - 64_535));
        assertThat(windows.windowSize(stream)).isEqualTo(199_000);
        windows.resume();
        for (int i = 0; i < 199; i++) {
            data(stream, 1000, 0);
        }
        windows.arrived(windows.window(stream));
        windows.taken(windows.window(stream), 200_000);
        assertThat(windows.windowSize(stream)).isEqualTo(65_535);
    }

    @Test
    void manyLargeMessagesAreLetInOneAfterAnother() throws Exception {
        Http2Stream first = stream(1);
        Http2Stream second = stream(3);
        Http2Stream third = stream(5);
        windows.expect(windows.window(first), 900_000);
        windows.expect(windows.window(second), 900_000);
        windows.expect(windows.window(third), 900_000);
        assertThat(updates).containsExactly("1+834465");
        windows.arrived(windows.window(first));
        assertThat(updates).containsExactly("1+834465", "3+834465");
        second.close();
        assertThat(updates).last().isEqualTo("5+834465");
    }

    @Test
    void whatIsMissingAfterWindowsBecameNarrowIsLetInAnewAndFirstForThoseThatAreInAlready() throws Exception {
        Http2Stream first = stream(1);
        Http2Stream second = stream(3);
        windows.expect(windows.window(first), 900_000);
        windows.expect(windows.window(second), 900_000);
        windows.initialWindowSize(535);
        windows.expect(windows.window(second), 900_000);
        windows.expect(windows.window(first), 900_000);
        assertThat(updates).containsExactly("1+834465", "1+65000");
        windows.arrived(windows.window(first));
        assertThat(updates).last().isEqualTo("3+899465");
    }

    @Test
    void aMessageThatCameWithoutBeingLetInWaitsNoMore() throws Exception {
        Http2Stream first = stream(1);
        Http2Stream second = stream(3);
        windows.expect(windows.window(first), 900_000);
        windows.expect(windows.window(second), 900_000);
        windows.arrived(windows.window(second));
        windows.arrived(windows.window(first));
        assertThat(updates).containsExactly("1+834465");
    }

    @Test
    void creditIsWithheldUntilBothReasonsAreOver() throws Exception {
        windows.open();
        updates.clear();
        windows.pause();
        windows.withhold();
        data(stream(1), 60_000, 0);
        windows.growConnection(110_000);
        windows.resume();
        assertThat(updates).isEmpty();
        windows.giveAgain();
        assertThat(updates).containsExactly("0+70000");
    }

    @Test
    void oneMessageIsLetInHoweverLarge() throws Exception {
        Http2Stream stream = stream(1);
        windows.expect(windows.window(stream), 5_000_000);
        assertThat(windows.windowSize(stream)).isEqualTo(5_000_000);
    }

    @Test
    void aPausedConnectionGetsNoCreditUntilItGoesOn() throws Exception {
        windows.open();
        updates.clear();
        Http2Stream stream = stream(1);
        windows.pause();
        data(stream, 60_000, 0);
        assertThat(updates).isEmpty();
        windows.resume();
        assertThat(updates).containsExactly("0+60000");
    }

    @Test
    void acknowledgedSettingsMoveTheWindowsOfAllStreams() throws Exception {
        Http2Stream stream = stream(1);
        data(stream, 5_000, 0);
        windows.initialWindowSize(100_000);
        assertThat(windows.windowSize(stream)).isEqualTo(95_000);
        assertThat(windows.windowSize(stream(3))).isEqualTo(100_000);
    }

    @Test
    void moreThanTheWindowsAllowIsRefused() throws Exception {
        windows.open();
        Http2Stream stream = stream(1);
        data(stream, 60_000, 0);
        assertThatThrownBy(() -> data(stream, 6_000, 0)).hasMessageContaining("5535 left of the stream's window");
        windows.pause();
        data(stream(3), 65_000, 0);
        Http2Stream other = stream(5);
        assertThatThrownBy(() -> data(other, 65_000, 0)).hasMessageContaining("of the connection's window");
    }

    @Test
    void growingTellsThePeerOfTheDifference() {
        windows.open();
        windows.growConnection(150_000);
        assertThat(updates).containsExactly("0+34465", "0+50000");
    }
}
