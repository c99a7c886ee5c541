package io.streamx.grpc.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A frame of a conversation recorded between real peers; see {@code grpc/README.md} among the test resources.
 *
 * @param bytes DATA, or the block of HEADERS as it was on the wire
 * @param headers what the block says
 */
record RecordedFrame(
        boolean fromClient, String type, int stream, boolean end, byte[] bytes, Map<String, String> headers) {
    static List<RecordedFrame> read(String name) {
        JsonNode recorded;
        try (InputStream file = RecordedFrame.class.getResourceAsStream("/grpc/" + name + ".json")) {
            recorded = new ObjectMapper().readTree(Objects.requireNonNull(file, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<RecordedFrame> frames = new ArrayList<>();
        for (JsonNode frame : recorded.get("frames")) {
            String type = frame.get("type").asText();
            Map<String, String> headers = new LinkedHashMap<>();
            if (frame.has("headers")) {
                frame.get("headers")
                        .forEach(header -> headers.put(
                                header.get(0).asText(), header.get(1).asText()));
            }
            String hex = frame.path(type.equals("HEADERS") ? "block" : "data").asText();
            frames.add(new RecordedFrame(
                    frame.get("from").asText().equals("client"),
                    type,
                    frame.get("stream").asInt(),
                    frame.path("flags").toString().contains("END_STREAM"),
                    type.equals("HEADERS") || type.equals("DATA")
                            ? HexFormat.of().parseHex(hex)
                            : new byte[0],
                    headers));
        }
        return frames;
    }

    boolean isHeaders() {
        return type.equals("HEADERS");
    }

    boolean isData() {
        return type.equals("DATA");
    }
}
