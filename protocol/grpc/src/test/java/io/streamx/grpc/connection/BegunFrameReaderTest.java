package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BegunFrameReaderTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().lastContext();
    private final BegunFrameReader reader = new BegunFrameReader(new DefaultHttp2HeadersDecoder());
    private final List<Integer> data = new ArrayList<>();

    private final Http2FrameAdapter frames = new Http2FrameAdapter() {
        @Override
        public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf bytes, int padding, boolean end) {
            data.add(bytes.readableBytes());
            return 0;
        }
    };

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        reader.close();
    }

    private static ByteBuf dataFrames(int... lengths) {
        ByteBuf all = Unpooled.buffer();
        for (int length : lengths) {
            all.writeMedium(length).writeByte(0).writeByte(0).writeInt(1).writeZero(length);
        }
        return all;
    }

    private void read(ByteBuf input) throws Http2Exception {
        int before;
        do {
            before = input.readerIndex();
            reader.readFrame(ctx, input, frames);
        } while (input.isReadable() && input.readerIndex() > before);
    }

    @Test
    void betweenFramesNothingIsMissing() throws Exception {
        read(dataFrames(100, 0, 20));

        assertThat(data).containsExactly(100, 0, 20);
        assertThat(reader.missingBytes()).isZero();
    }

    @Test
    void whereverTheBytesAreCutWhatIsMissingEndsTheBegunFrame() throws Exception {
        int[] lengths = {30, 0, 50};
        int total = dataFrames(lengths).readableBytes();
        int[] ends = {9 + 30, 9 + 30 + 9, total};
        for (int cut = 1; cut < total; cut++) {
            BegunFrameReaderTest fresh = new BegunFrameReaderTest();
            ByteBuf all = dataFrames(lengths);
            ByteBuf input = Unpooled.buffer().writeBytes(all, cut);
            fresh.read(input);
            int missing = fresh.reader.missingBytes();
            int begun = cut < ends[0] ? 0 : cut < ends[1] ? 1 : 2;
            int start = begun == 0 ? 0 : ends[begun - 1];
            assertThat(missing)
                    .as("cut at %d", cut)
                    .isEqualTo(cut - start < 9 || cut == ends[begun] ? 0 : ends[begun] - cut);
            input.writeBytes(all);
            fresh.read(input);
            assertThat(fresh.data).as("cut at %d", cut).containsExactly(30, 0, 50);
            fresh.close();
        }
    }
}
