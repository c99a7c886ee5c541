package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.thrift.MessageHeader.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageHeaderTest {
    private static ByteBuf encoded(MessageHeader header) {
        ByteBuf out = Unpooled.buffer();
        header.encode(out);
        return out.writeByte(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Echo", "Ech", "EchoTwo", "", "Écho", "回声", "Ecc\u00e8"})
    void isReadAlikeWhateverWasReadBefore(String name) {
        MessageHeader header = new MessageHeader(Type.REPLY, name, -7);
        for (String before : new String[] {"Echo", name, "", "回声", "Écho"}) {
            ByteBuf in = encoded(header);

            assertThat(MessageHeader.decode(in, new MessageHeader(Type.CALL, before, 3)))
                    .isEqualTo(header);
            assertThat(in.readableBytes()).isEqualTo(1);
        }
    }

    @Test
    void theNameOfTheMessageBeforeIsUsedAgain() {
        MessageHeader before = new MessageHeader(Type.CALL, "Echo", 1);

        MessageHeader read = MessageHeader.decode(encoded(new MessageHeader(Type.EXCEPTION, "Echo", 2)), before);

        assertThat(read.name()).isSameAs(before.name());
    }

    @Test
    void whatIsNoMessageIsRefusedAsWithoutOneBefore() {
        MessageHeader before = new MessageHeader(Type.CALL, "Echo", 1);
        ByteBuf cutShort = encoded(before).slice(0, 10);
        ByteBuf ofNoType = encoded(before).setByte(3, 9);
        ByteBuf ofNoVersion = encoded(before).setByte(0, 0);

        for (ByteBuf in : new ByteBuf[] {cutShort, ofNoType, ofNoVersion}) {
            assertThatThrownBy(() -> MessageHeader.decode(in.duplicate(), before))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessage(messageWithoutOneBefore(in));
        }
    }

    private static String messageWithoutOneBefore(ByteBuf in) {
        try {
            return "read as " + MessageHeader.decode(in.duplicate());
        } catch (ApplicationException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
