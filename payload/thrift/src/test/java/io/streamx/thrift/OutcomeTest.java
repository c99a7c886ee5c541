package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.DeclaredException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final UnaryResult<List<String>> WORDS =
            UnaryResult.of(ValueCodec.listOf(ValueCodec.STRING)).or(5, Refused.class, Refused.CODEC);

    @Test
    void aResultComesBack() {
        ByteBuf buffer = Unpooled.buffer();
        WORDS.encodeResult(List.of("a", "b"), buffer);
        assertThat(ByteBufUtil.hexDump(buffer)).isEqualTo("0f0000" + "0b00000002" + "0000000161" + "0000000162" + "00");
        assertThat(WORDS.decode(buffer)).containsExactly("a", "b");
    }

    @Test
    void aDeclaredExceptionComesBackAsItself() {
        ByteBuf buffer = Unpooled.buffer();
        assertThat(WORDS.encodeException(new Refused("no"), buffer)).isTrue();
        assertThat(ByteBufUtil.hexDump(buffer)).isEqualTo("0c0005" + "0b0001000000026e6f00" + "00");
        assertThatThrownBy(() -> WORDS.decode(buffer))
                .isInstanceOf(Refused.class)
                .hasMessage("no");
    }

    @Test
    void anUndeclaredExceptionIsNotWritten() {
        ByteBuf buffer = Unpooled.buffer();
        assertThat(WORDS.encodeException(new IllegalStateException("x"), buffer))
                .isFalse();
        assertThat(buffer.isReadable()).isFalse();
    }

    @Test
    void anExceptionWinsOverAResultBesideIt() {
        ByteBuf buffer = Unpooled.buffer()
                .writeBytes(
                        ByteBufUtil.decodeHexDump("0c0005" + "0b0001000000026e6f00" + "0f0000" + "0b00000000" + "00"));
        assertThatThrownBy(() -> WORDS.decode(buffer)).isInstanceOf(Refused.class);
    }

    @Test
    void anEmptyReplyIsAMissingResultUnlessTheMethodIsVoid() {
        ByteBuf empty = Unpooled.buffer();
        WORDS.encodeResult(null, empty);
        assertThat(ByteBufUtil.hexDump(empty)).isEqualTo("00");
        ApplicationException e =
                catchThrowableOfType(ApplicationException.class, () -> WORDS.decode(empty.duplicate()));
        assertThat(e.type()).isEqualTo(ApplicationException.MISSING_RESULT);
        assertThat(UnaryResult.ofVoid().decode(empty)).isNull();
    }

    @Test
    void theVoidOfKitexGenericServersIsVoidAndNothingElse() {
        ByteBuf fieldOfVoid = Unpooled.buffer().writeBytes(ByteBufUtil.decodeHexDump("010000" + "00" + "00"));
        assertThatThrownBy(() -> WORDS.decode(fieldOfVoid.duplicate())).hasMessageContaining("type 1");
        assertThat(UnaryResult.ofVoid().decode(fieldOfVoid)).isNull();
        assertThat(fieldOfVoid.isReadable()).isFalse();
        ByteBuf longer = Unpooled.buffer().writeBytes(ByteBufUtil.decodeHexDump("010000" + "0000" + "00"));
        assertThatThrownBy(() -> UnaryResult.ofVoid().decode(longer)).hasMessageContaining("type 1");
    }

    @Test
    void anUnknownExceptionIsSkipped() {
        ByteBuf buffer = Unpooled.buffer().writeBytes(ByteBufUtil.decodeHexDump("0c0007" + "00" + "00"));
        assertThat(UnaryResult.ofVoid().decode(buffer)).isNull();
        assertThat(buffer.isReadable()).isFalse();
    }

    @Test
    void aFailureIsAWholeMessage() {
        ByteBuf buffer = Unpooled.buffer();
        new ExceptionMessage("Echo", -2, new ApplicationException(6, "biz error: boom")).encode(buffer);
        ExceptionMessage back = ExceptionMessage.decode(buffer);
        assertThat(back.method()).isEqualTo("Echo");
        assertThat(back.seqId()).isEqualTo(-2);
        assertThat(back.failure()).hasMessage("biz error: boom");
        assertThat(back.failure().type()).isEqualTo(6);
    }

    @Test
    void aFailureWithoutAMethodIsRefused() {
        var nameless = new ExceptionMessage("", 1, new ApplicationException(6, "x"));
        assertThatThrownBy(() -> nameless.encode(Unpooled.buffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: not empty");
    }

    @Test
    void aReplyIsNoFailure() {
        ByteBuf buffer = Unpooled.buffer();
        new MessageHeader(MessageHeader.Type.REPLY, "Echo", 1).encode(buffer);
        assertThatThrownBy(() -> ExceptionMessage.decode(buffer.writeByte(0)))
                .hasMessage("message type 2 for method Echo (expected: 3, an exception)");
    }

    @Test
    void otherEnvelopesAreRefused() {
        assertThatThrownBy(() -> header("00000004" + "4563686f" + "01" + "00000001"))
                .hasMessage("message begins with 0x00000004 (expected: 0x8001 and the message type)");
        assertThatThrownBy(() -> header("80010006" + "00000000" + "00000001"))
                .hasMessage("message type 6 (expected: 1 call, 2 reply, 3 exception or 4 oneway)");
        assertThatThrownBy(() -> header("80010001" + "7fffffff" + "00000001"))
                .hasMessage("message at offset 4: length 2147483647 (expected: 0 to the 4 bytes that are left)");
    }

    private static MessageHeader header(String hex) {
        return MessageHeader.decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    /** A declared exception as the generator writes them. */
    private static final class Refused extends DeclaredException {
        private static final long serialVersionUID = 1L;

        static final StructCodec<Refused> CODEC = new StructCodec<>("Refused") {
            @Override
            protected void writeFields(Refused value, ThriftWriter out) {
                out.writeStringField(1, value.getMessage());
            }

            @Override
            protected Refused readFields(ThriftReader in) {
                String reason = "";
                for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
                    switch (field) {
                        case ThriftType.STRING_FIELD | 1 -> reason = in.readString();
                        default -> in.skipField();
                    }
                }
                return new Refused(reason);
            }

            @Override
            protected @Nullable String fieldName(int id) {
                return id == 1 ? "reason" : null;
            }
        };

        Refused(String reason) {
            super(reason);
        }
    }
}
