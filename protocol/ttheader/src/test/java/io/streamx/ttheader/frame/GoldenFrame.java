package io.streamx.ttheader.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A frame of {@code golden/ttheader} with the fields it decodes to, as the README there describes them.
 *
 * @param name of the frame, or of its conversation and its place in it
 * @param ttheader whether the carrier has a TTHeader; without one the fields from {@code flags} on mean nothing
 * @param headerBytes of the variable header
 * @param ints null when the frame has no such section
 * @param strings null when the frame has neither such a section nor an ACL token; the token among them
 */
record GoldenFrame(
        String name,
        byte[] bytes,
        String carrier,
        boolean ttheader,
        String type,
        int flags,
        int seqId,
        int headerBytes,
        int protocolId,
        Map<Integer, String> ints,
        Map<String, String> strings,
        byte[] payload) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The 121 frames captured one by one. */
    static Stream<GoldenFrame> frames() {
        return lines("frames").map(line -> of(line, line.get("name").asText()));
    }

    /** The frames of the 112 conversations, one list each. */
    static Stream<List<GoldenFrame>> conversations() {
        return lines("conversations").map(line -> {
            List<GoldenFrame> frames = new ArrayList<>();
            for (JsonNode frame : line.get("frames")) {
                if (frame.has("hex")) { // the others say who closed the connection
                    frames.add(of(frame, line.get("name").asText() + " #" + frames.size()));
                }
            }
            return frames;
        });
    }

    /** The frames of Kitex Protobuf. */
    static Stream<GoldenFrame> kitexProtobuf() {
        return lines("kitex-pb").map(line -> of(line, line.get("name").asText()));
    }

    /** The frames computed from the description, not captured. */
    static Stream<GoldenFrame> computed() {
        return lines("computed").map(line -> of(line, line.get("about").asText()));
    }

    /** All of them. */
    static Stream<GoldenFrame> all() {
        return Stream.of(frames(), conversations().flatMap(List::stream), kitexProtobuf(), computed())
                .flatMap(frames -> frames);
    }

    private static GoldenFrame of(JsonNode frame, String name) {
        boolean ttheader = frame.has("flags");
        byte[] bytes = HexFormat.of().parseHex(frame.get("hex").asText());
        return new GoldenFrame(
                name,
                bytes,
                frame.path("carrier").asText(),
                ttheader,
                frame.path("type").asText(),
                ttheader ? Integer.decode(frame.get("flags").asText()) : 0,
                frame.path("seqId").asInt(),
                4 * frame.path("headerSize").asInt(ttheader ? (bytes[12] & 0xff) << 8 | bytes[13] & 0xff : 0),
                ttheader ? Integer.decode(frame.get("protocolId").asText()) : 0,
                ints(frame),
                strings(frame),
                HexFormat.of().parseHex(frame.path("payload").asText()));
    }

    // kitex-pb.jsonl gives an absent section as an empty one; nobody wrote a section without entries.
    private static Map<Integer, String> ints(JsonNode frame) {
        if (frame.path("intKV").isEmpty()) {
            return null;
        }
        Map<Integer, String> ints = new LinkedHashMap<>();
        frame.get("intKV")
                .properties()
                .forEach(e -> ints.put(Integer.valueOf(e.getKey()), e.getValue().asText()));
        return ints;
    }

    private static Map<String, String> strings(JsonNode frame) {
        if (frame.path("strKV").isEmpty() && !frame.has("acl")) {
            return null;
        }
        Map<String, String> strings = new LinkedHashMap<>();
        frame.path("strKV")
                .properties()
                .forEach(e -> strings.put(e.getKey(), e.getValue().asText()));
        if (frame.has("acl")) {
            strings.put("RPC_TRANSIT_gdpr-token", frame.get("acl").asText());
        }
        return strings;
    }

    private static Stream<JsonNode> lines(String file) {
        try (InputStream in = GoldenFrame.class.getResourceAsStream("/golden/ttheader/" + file + ".jsonl");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<JsonNode> nodes = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                nodes.add(JSON.readTree(line));
            }
            return nodes.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
