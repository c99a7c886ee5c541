package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameLogTest {
    private final TTHeaderReader reader = new TTHeaderReader();

    @Test
    void aDataFrameIsItsStreamTypeMethodAndSize() {
        read(TTHeader.Flags.STREAMING, -3, ints("3", "Echo"), null, 13);

        assertThat(FrameLog.in(reader)).isEqualTo("<< stream -3 Data Echo payload 13 bytes");
        assertThat(FrameLog.out(reader)).isEqualTo(">> stream -3 Data Echo payload 13 bytes");
    }

    @Test
    void entriesAreShownEscapedAndShortened() {
        Map<String, String> strings = new LinkedHashMap<>();
        strings.put("isn", "Test\"Service");
        strings.put("a\nb", "\u001b[31m\u2028");
        strings.put("long", "x".repeat(200));
        read(TTHeader.Flags.STREAMING, 1, ints("2", "Echo"), strings, 0);

        assertThat(FrameLog.in(reader))
                .isEqualTo("<< stream 1 Header Echo {isn=\"Test\\\"Service\", a\\u000ab=\"\\u001b[31m\\u2028\", long=\""
                        + "x".repeat(128) + "...(200 characters)\"} payload 0 bytes");
    }

    @Test
    void anAclTokenIsNotShown() {
        read(TTHeader.Flags.STREAMING, 1, ints("2", "Echo"), Map.of(StringKey.ACL_TOKEN, "secret"), 0);

        assertThat(FrameLog.in(reader))
                .isEqualTo("<< stream 1 Header Echo {RPC_TRANSIT_gdpr-token=(hidden)} payload 0 bytes");
    }

    @Test
    void credentialsAreNotShown() {
        for (String key : new String[] {"authorization", "Authorization", "RPC_TRANSIT_authorization"}) {
            read(TTHeader.Flags.STREAMING, 1, ints("2", "Echo"), Map.of(key, "Bearer secret"), 0);

            assertThat(FrameLog.in(reader)).isEqualTo("<< stream 1 Header Echo {" + key + "=(hidden)} payload 0 bytes");
        }
    }

    @Test
    void aUnaryMessageIsShownWithItsIntEntries() {
        Map<Integer, String> ints = new LinkedHashMap<>();
        ints.put(22, "1");
        ints.put(9, "PingPong");
        ints.put(1, "framed");
        read(0, 7, ints, Map.of("isn", "S"), 37);

        assertThat(FrameLog.in(reader))
                .isEqualTo("<< message 7 PingPong {22=\"1\", 1=\"framed\", isn=\"S\"} payload 37 bytes");
    }

    @Test
    void aFrameOfUnknownTypeShowsTheValueFound() {
        read(TTHeader.Flags.STREAMING, 1, Map.of(27, "9"), null, 0);

        assertThat(FrameLog.in(reader)).isEqualTo("<< stream 1 untyped {27=\"9\"} payload 0 bytes");
    }

    private static Map<Integer, String> ints(String type, String method) {
        Map<Integer, String> ints = new LinkedHashMap<>();
        ints.put(27, type);
        ints.put(9, method);
        return ints;
    }

    private void read(int flags, int seqId, Map<Integer, String> ints, Map<String, String> strings, int payload) {
        ByteBuf frame = Unpooled.buffer();
        int start = new TTHeaderWriter().writeHeader(frame, flags, seqId, 0, ints, strings);
        frame.writeZero(payload);
        TTHeaderWriter.patchLength(frame, start);
        reader.read(frame, start);
    }
}
