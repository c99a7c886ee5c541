package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code streamx explain} of captures that tcpdump and dumpcap made of calls of Kitex: {@code src/test/captures/make.sh}. */
@Timeout(120)
class CaptureTest {
    private static final Path CAPTURES = Path.of("src/test/captures");
    private static final int HEAD_BYTES = 24;
    private static final int PACKET_HEAD_BYTES = 16;

    private static final String IDL = """
            namespace go generic
            struct Everything { 1: required string text, 5: optional i32 number }
            service Generic {
                string Greet(1: string name)
                Everything Talk(1: Everything request) (streaming.mode = "bidirectional")
            }
            """;

    @TempDir
    private Path dir;

    private Console explain(int exitCode, Path file, String... options) throws IOException {
        Path idl = Files.writeString(dir.resolve("generic.thrift"), IDL);
        List<String> args = new ArrayList<>(List.of("explain", file.toString(), "--idl", idl.toString()));
        args.addAll(List.of(options));
        Console console = new Console();
        assertThat(console.run(args.toArray(String[]::new)))
                .as(console.out() + console.err())
                .isEqualTo(exitCode);
        return console;
    }

    /** The packets of a pcap file in little-endian byte order, each with its head. */
    private static List<byte[]> packets(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        in.position(HEAD_BYTES);
        List<byte[]> packets = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] packet = new byte[PACKET_HEAD_BYTES + in.getInt(in.position() + 8)];
            in.get(packet);
            packets.add(packet);
        }
        return packets;
    }

    private Path written(Path like, List<byte[]> packets) throws IOException {
        Path file = dir.resolve("changed.pcap");
        try (var out = Files.newOutputStream(file)) {
            out.write(Files.readAllBytes(like), 0, HEAD_BYTES);
            for (byte[] packet : packets) {
                out.write(packet);
            }
        }
        return file;
    }

    /** What the frames say, without times, and without numbers that differ. */
    private static List<String> frames(String text) {
        return text.lines()
                .filter(line -> line.contains(" -> ") || line.contains(" <- "))
                .map(line -> line.replaceAll("^ *[0-9.]+ ms +", "").replaceAll("  \\(.*for the (client|server)\\)", ""))
                .filter(line -> !line.contains(" waited "))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "ethernet.pcap, 127.0.0.1:8888",
        "cooked.pcap, 127.0.0.1:8888",
        "cooked2.pcap, 127.0.0.1:8888",
        "wireshark.pcapng, 127.0.0.1:8888",
        "ipv6.pcap, [::1]:8888"
    })
    void everyLinkTypeAndFormatShowsTheCallsOfFourConnections(String file, String server) throws IOException {
        Console console = explain(0, CAPTURES.resolve(file));
        assertThat(console.out())
                .containsSubsequence(
                        "#1 -> connected  [",
                        " -> " + server + "]",
                        "#1 -> call 1  Call Generic/Greet",
                        "\"you\"",
                        "#1 <- call 1  Reply",
                        "\"you\"",
                        "  Header Generic/Talk",
                        "  Data Generic/Talk {\"text\":\"a\"}",
                        "Headers Generic/Talk",
                        "Message Generic/Talk {\"text\":\"c\"}",
                        "Trailers Generic/Talk",
                        "Greet")
                .contains("  Data Generic/Talk {\"text\":\"b\",\"number\":5}");
        assertThat(console.out()).doesNotContain("unreadable", "missing");
    }

    @Test
    void packetsThatComeAgainAndInAnotherOrderMakeTheSameFrames() throws IOException {
        Path original = CAPTURES.resolve("ethernet.pcap");
        List<String> expected = frames(explain(0, original).out());
        assertThat(expected).hasSizeGreaterThan(20);
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            List<byte[]> packets = new ArrayList<>(packets(original));
            // Neighbours change places, but for those that open a connection, and some come twice.
            for (int i = 4; i + 1 < packets.size(); i++) {
                if (!isSyn(packets.get(i)) && !isSyn(packets.get(i + 1)) && random.nextInt(3) == 0) {
                    Collections.swap(packets, i, i + 1);
                    i++;
                }
            }
            for (int i = packets.size() - 1; i > 3; i--) {
                if (!isSyn(packets.get(i)) && random.nextInt(4) == 0) {
                    packets.add(i, packets.get(i));
                }
            }
            Console console = explain(0, written(original, packets));
            assertThat(frames(console.out())).as("round " + round).containsAll(withoutEnds(expected));
            assertThat(console.err()).contains("packets came again");
        }
    }

    private static List<String> withoutEnds(List<String> frames) {
        return frames.stream()
                .filter(frame -> !frame.contains("closed") && !frame.contains("end  ["))
                .toList();
    }

    private static boolean isSyn(byte[] packet) {
        int ip = PACKET_HEAD_BYTES + 14;
        return (packet[ip + 20 + 13] & 2) != 0;
    }

    private static int payload(byte[] packet) {
        int ip = PACKET_HEAD_BYTES + 14;
        int total = ByteBuffer.wrap(packet).getShort(ip + 2);
        return total - 20 - (packet[ip + 20 + 12] >> 4 & 0xf) * 4;
    }

    @Test
    void aPacketThatIsNotThereIsToldAndWhatFollowsIsReadFromTheNextFrameOn() throws IOException {
        Path original = CAPTURES.resolve("ethernet.pcap");
        List<byte[]> packets = packets(original);
        int told = 0;
        int readOn = 0;
        for (int left = 0; left < packets.size(); left++) {
            if (payload(packets.get(left)) == 0) {
                continue;
            }
            List<byte[]> others = new ArrayList<>(packets);
            byte[] lost = others.remove(left);
            Console console = explain(0, written(original, others));
            if (console.out().contains("missing  [" + payload(lost) + " bytes were not captured")) {
                told++;
                readOn += console.out().contains("{\"text\":\"b\",\"number\":5}") ? 1 : 0;
            }
        }
        assertThat(told).isGreaterThan(10);
        assertThat(readOn).isGreaterThan(told / 2);
    }

    @Test
    void packetsCutByTheSnapshotLengthAreTold() throws IOException {
        assertThat(explain(0, CAPTURES.resolve("short.pcap")).out())
                .containsPattern("missing  \\[\\d+ bytes were cut off when they were captured")
                .contains("tcpdump -s 0");
    }

    @Test
    void aConnectionThatWasOpenBeforeIsToldAndReadAsFarAsItGoes() throws IOException {
        assertThat(explain(0, CAPTURES.resolve("middle.pcap")).out())
                .contains(" -> 127.0.0.1:8888, which was open before the capture began]")
                .contains("Message Generic/Talk {\"text\":\"c\"}");
    }

    @Test
    void tlsIsToldOnceForEachConnection() throws IOException {
        String text = explain(0, CAPTURES.resolve("tls.pcap")).out();
        assertThat(text).contains("#1 -> TLS  [encrypted: what the frames are is known to the two ends alone]");
        assertThat(text.lines().filter(line -> line.contains("TLS"))).hasSize(1);
        assertThat(text).doesNotContain("unreadable");
    }

    @Test
    void thePortChoosesServers() throws IOException {
        Console none = explain(0, CAPTURES.resolve("ethernet.pcap"), "--port", "9999");
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("no TCP connection to port 9999 with bytes is in the capture");
        assertThat(explain(0, CAPTURES.resolve("ethernet.pcap"), "--port", "8888", "--json")
                        .out())
                .contains("\"message\":\"{\\\"text\\\":\\\"a\\\"}\"");
        assertThat(explain(2, CAPTURES.resolve("ethernet.pcap"), "--port", "70000")
                        .err())
                .contains("--port: 70000 (expected: 1 to 65535)");
    }

    // ---- files that are broken, on purpose or not ----

    @Test
    void aCaptureThatEndsEarlyIsReadUntilThere() throws IOException {
        byte[] whole = Files.readAllBytes(CAPTURES.resolve("ethernet.pcap"));
        Path file = Files.write(dir.resolve("cut.pcap"), java.util.Arrays.copyOf(whole, whole.length / 2));
        Console console = explain(0, file);
        assertThat(console.out()).contains("\"you\"");
        assertThat(console.err()).contains("the capture ends within a packet, at byte " + whole.length / 2);
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        byte[] whole = Files.readAllBytes(CAPTURES.resolve("ethernet.pcap"));
        ByteBuffer changed = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        changed.putInt(20, 147);
        Path file = Files.write(dir.resolve("wrong.pcap"), changed.array());
        assertThat(explain(2, file).err())
                .contains("link type 147 near byte 24 (expected: one of 0 and 108 (loopback), ");
        changed = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        changed.putInt(HEAD_BYTES + 8, -1);
        Files.write(file, changed.array());
        assertThat(explain(2, file).err())
                .contains("a packet of 4294967295 bytes near byte 40 (expected: 0 to 16777216)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ethernet.pcap", "cooked.pcap", "cooked2.pcap", "ipv6.pcap", "wireshark.pcapng", "tls.pcap"})
    void anyChangeOfAnyByteIsReadOrRefusedInWords(String name) throws IOException {
        byte[] whole = Files.readAllBytes(CAPTURES.resolve(name));
        Random random = new Random(11);
        Path file = dir.resolve("mutated");
        for (int round = 0; round < 300; round++) {
            byte[] mutated = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(5) == 0) {
                mutated = java.util.Arrays.copyOf(mutated, random.nextInt(mutated.length));
            }
            Files.write(file, mutated);
            Console console = new Console();
            int exitCode = console.run("explain", file.toString());
            assertThat(exitCode).as(round + ": " + console.err()).isIn(0, 2);
            assertThat(console.err()).as("round " + round).doesNotContain("Exception");
            if (exitCode == 2) {
                assertThat(console.err()).startsWith("streamx: bad input: ");
            }
        }
    }
}
