package io.streamx.ttheader;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.RpcException;
import io.streamx.fixtures.EchoService;
import io.streamx.net.FrameCutter;
import io.streamx.testkit.Mutations;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.wire.InboundMessage;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever bytes a peer sends, decoders answer with a result or with an {@link RpcException}: correct frames with bytes
 * flipped, cut out, doubled and joined. Two seconds in the build; {@code -Dstreamx.fuzzSeconds=3600} makes it an hour. A
 * failure names the bytes, which then become a case of their own.
 */
@Timeout(7200)
class MutatedBytesTest {
    private final Mutations mutations = new Mutations(List.of(
            Frames.open(1, "EchoService", "Bidi"),
            Frames.header(1, "Bidi", Map.of("isn", "EchoService", "sx-credit", "65536", "RPC_PERSIST_a", "b")),
            Frames.data(1, "Bidi", EchoService.encoded("hello")),
            Frames.trailer(1, "Bidi", Map.of("biz-status", "404", "biz-message", "no", "biz-extra", "{\"a\":\"b\"}")),
            Frames.errorTrailer(1, "Bidi", 6, "biz error: boom"),
            Frames.rst(1, "Bidi", 12007, "enough", "a,b"),
            Frames.meta(1, "Bidi", Map.of("sx-credit", "70000")),
            Frames.exception("Bidi", 1, 6, "boom"),
            EchoService.encoded("a struct of one text")));

    private void decode(Consumer<ByteBuf> decoder) {
        long count = mutations.run(bytes -> {
            try {
                decoder.accept(Unpooled.wrappedBuffer(bytes));
            } catch (RpcException refused) {
                // An answer that a decoder may give.
            }
        });
        assertThat(count).isPositive();
    }

    /** What a connection does with bytes, in pieces as they may come. */
    @Test
    void framesOfAConnection() {
        decode(bytes -> {
            FrameCutter cutter = new FrameCutter(new AnyFrames());
            while (bytes.isReadable()) {
                cutter.feed(bytes.readSlice(1 + mutations.next(bytes.readableBytes())));
            }
        });
    }

    @Test
    void failuresInTrailersAndResets() {
        decode(ExceptionMessage::decode);
    }

    @Test
    void structs() {
        decode(bytes -> {
            String text = EchoService.TEXT.decode(bytes);
            assertThat(text.length()).isLessThan(10_000);
        });
    }

    private static final class AnyFrames implements FrameCutter.Format {
        private final TTHeaderReader reader = new TTHeaderReader();

        @Override
        public long frameLength(ByteBuf in, int index, int readable) {
            return reader.frameLength(in, index);
        }

        @Override
        public long maxFrameLength() {
            return 1 << 20;
        }

        @Override
        public void onFrame(ByteBuf in, int index, int length, @Nullable InboundMessage gathered) {
            reader.read(in, index);
            reader.streamingFrameType();
            reader.stringEntries();
            reader.intEntries();
            reader.method();
        }

        @Override
        public long oversizedHeadLength(ByteBuf in, int index, int readable) {
            return readable < 14 ? UNKNOWN : 14;
        }

        @Override
        public void onOversizedFrame(ByteBuf in, int index, int headLength, long frameLength) {}

        @Override
        public boolean isClosed() {
            return false;
        }
    }
}
