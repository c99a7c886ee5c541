package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.streamx.Metadata;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the end of a stream becomes a close code. */
class WebSocketFormatTest {
    private static final int CLOSE = 0x88;

    @ParameterizedTest
    @CsvSource({
        "5, 4005, not_found",
        "999, 4999, unknown",
        "1000, 4002, unknown",
        "70000, 4002, unknown",
        "-1, 4002, unknown"
    })
    void aCodeThatNoCloseCodeStandsForIsClosedAsUnknown(int code, int closeCode, String reason) {
        ByteBuf end = new WebSocketFormat(100).end(Metadata.EMPTY, CallError.of(500, code, "why"));
        try {
            end.skipBytes(1).skipBytes(end.readUnsignedByte());

            assertThat(end.readUnsignedByte()).isEqualTo((short) CLOSE);
            assertThat(end.readUnsignedByte()).isEqualTo((short) (Short.BYTES + reason.length()));
            assertThat(end.readUnsignedShort()).isEqualTo(closeCode);
            assertThat(end.readString(reason.length(), StandardCharsets.US_ASCII))
                    .isEqualTo(reason);
        } finally {
            end.release();
        }
    }
}
