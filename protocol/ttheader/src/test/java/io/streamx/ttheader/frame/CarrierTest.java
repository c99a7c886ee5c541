package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ttheader.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierTest {
    @ParameterizedTest
    @CsvSource({
        "50524920 2a204854, HTTP2,                 UNKNOWN,               UNKNOWN",
        "0000002b 10000002, TTHEADER_STREAMING,    TTHEADER,              UNKNOWN",
        "0000002b 1000000a, TTHEADER_STREAMING,    TTHEADER,              UNKNOWN",
        "0000002b 10000000, TTHEADER,              TTHEADER,              UNKNOWN",
        "0000002b 10000001, TTHEADER,              TTHEADER,              UNKNOWN",
        "80010001 10000000, TTHEADER,              TTHEADER,              THRIFT_BUFFERED",
        "ffaf0010 00000000, MESH,                  MESH,                  UNKNOWN",
        "80010001 00000004, THRIFT_BUFFERED,       THRIFT_BUFFERED,       THRIFT_BUFFERED",
        "00000020 80010001, THRIFT_FRAMED,         THRIFT_FRAMED,         THRIFT_FRAMED",
        "00000020 90010001, KITEX_PROTOBUF_FRAMED, KITEX_PROTOBUF_FRAMED, KITEX_PROTOBUF_FRAMED",
        "00000020 80020001, UNKNOWN,               UNKNOWN,               UNKNOWN",
        "47455420 2f204854, UNKNOWN,               UNKNOWN,               UNKNOWN",
        "00000000 00000000, UNKNOWN,               UNKNOWN,               UNKNOWN",
    })
    void eightBytesTell(String bytes, Carrier connection, Carrier message, Carrier payload) {
        ByteBuf buffer =
                Unpooled.buffer().writeByte(0x10).writeBytes(Frames.hex(bytes)).writeByte(0x80);

        assertThat(Carrier.ofConnection(buffer, 1)).isEqualTo(connection);
        assertThat(Carrier.ofMessage(buffer, 1)).isEqualTo(message);
        assertThat(Carrier.ofPayload(buffer, 1)).isEqualTo(payload);
    }

    @Test
    void sevenBytesDoNot() {
        for (int length = 0; length < 8; length++) {
            ByteBuf buffer = Unpooled.buffer().writeZero(16);
            buffer.writerIndex(4 + length);

            assertThat(Carrier.ofConnection(buffer, 4)).isEqualTo(Carrier.NEED_MORE);
            assertThat(Carrier.ofMessage(buffer, 4)).isEqualTo(Carrier.NEED_MORE);
            assertThat(Carrier.ofPayload(buffer, 4)).isEqualTo(Carrier.NEED_MORE);
        }
    }
}
