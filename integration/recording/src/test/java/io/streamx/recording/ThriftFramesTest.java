package io.streamx.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How bytes of Thrift are cut into frames, however they come. */
@Timeout(60)
class ThriftFramesTest {
    private static final int LIST = 15;
    private static final int STRING = 11;
    private static final int PACKET_BYTES = 1024;

    private final List<RecordedFrame> frames = new ArrayList<>();
    private final ThriftFrames cut;

    ThriftFramesTest() {
        cut = new ThriftFrames(1, FrameTexts.BYTES, frames::add);
    }

    /** A message of Thrift without a length: a field with a list of empty strings, as long as it says, and perhaps its end. */
    private static byte[] buffered(int strings, boolean isWhole) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x8001_0001);
        out.writeInt(4);
        out.writeBytes("Call");
        out.writeInt(7);
        out.writeByte(LIST);
        out.writeShort(1);
        out.writeByte(STRING);
        out.writeInt(strings);
        out.write(new byte[4 * strings]);
        if (isWhole) {
            out.writeByte(0);
        }
        return bytes.toByteArray();
    }

    private void feed(byte[] bytes, int packetBytes) {
        for (int at = 0; at < bytes.length; at += packetBytes) {
            cut.feed(true, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + packetBytes)), 0);
        }
    }

    @Test
    void aLongMessageWithoutALengthIsLookedAtOnce() throws IOException {
        feed(buffered(4 << 20, true), PACKET_BYTES);
        feed(buffered(1, true), 1);
        assertThat(frames).extracting(RecordedFrame::call).containsExactly("call 7", "call 7");
    }

    @Test
    void aMessageWithoutAnEndIsToldAtTheEnd() throws IOException {
        feed(buffered(1 << 20, false), PACKET_BYTES);
        assertThat(frames).isEmpty();
        cut.end(0);
        assertThat(frames)
                .singleElement()
                .extracting(RecordedFrame::note)
                .asString()
                .contains("did not come whole");
    }

    @Test
    void manySmallMessagesOfOnePacketAreReadInItsTime() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int messages = 300_000;
        for (int i = 0; i < messages; i++) {
            bytes.write(buffered(0, true));
        }
        cut.feed(true, bytes.toByteArray(), 0);
        assertThat(frames).hasSize(messages);
    }

    @Test
    void whatAPeerSentDoesNotControlTheTerminal() {
        assertThat(FrameTexts.printable("a\u001b[2Jb\nc\u009bd é")).isEqualTo("a\\u001b[2Jb\\u000ac\\u009bd é");
    }

    @Test
    void whatIsNoThriftIsToldAtOnce() throws IOException {
        byte[] bytes = buffered(1, true);
        bytes[16] = 99;
        cut.feed(true, bytes, 0);
        assertThat(frames).singleElement().extracting(RecordedFrame::kind).isEqualTo("unreadable");
    }
}
