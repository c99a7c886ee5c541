package io.streamx.grpc.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The header lists of a conversation recorded between real peers, as {@code grpc/README.md} among the test resources
 * describes it.
 *
 * @param about what happens
 * @param requests heads of requests
 * @param responses heads of responses that do not end the stream
 * @param trailers heads that do
 */
record GoldenConversation(
        String about, List<Http2Headers> requests, List<Http2Headers> responses, List<Http2Headers> trailers) {
    /** Those with a request in them. */
    static final List<String> NAMES = List.of(
            "grpc-go-to-kitex-bidi",
            "grpc-go-to-kitex-unary",
            "kitex-to-grpc-go-bidi",
            "kitex-to-grpc-go-early",
            "pb-bidi",
            "pb-bidi-cancel",
            "pb-bidi-deadline",
            "pb-bidi-early",
            "pb-bidi-gzip",
            "pb-bidi-panic",
            "pb-bidi-recv-timeout",
            "pb-gzip-refused",
            "pb-server-biz",
            "pb-server-error-after-2",
            "pb-trailers-only",
            "pb-unary",
            "pb-unary-empty",
            "pb-unary-error-utf8",
            "pb-unary-gbiz",
            "pb-unary-status-details",
            "pb-unknown-method",
            "pb-unknown-service",
            "thrift-bidi",
            "thrift-bidi-bin-metadata",
            "thrift-bidi-header-trailer",
            "thrift-bidi-metainfo",
            "thrift-client-stream",
            "thrift-graceful-stop",
            "thrift-server-stream",
            "thrift-unary",
            "thrift-unary-1m",
            "thrift-unary-exception",
            "thrift-unary-rpc-timeout");

    static GoldenConversation read(String name) {
        JsonNode recorded;
        try (InputStream file = GoldenConversation.class.getResourceAsStream("/grpc/" + name + ".json")) {
            recorded = new ObjectMapper().readTree(Objects.requireNonNull(file, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        GoldenConversation conversation = new GoldenConversation(
                recorded.get("about").asText(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (JsonNode frame : recorded.get("frames")) {
            if (frame.get("type").asText().equals("HEADERS")) {
                boolean ends = frame.get("flags").toString().contains("END_STREAM");
                List<Http2Headers> list = frame.get("from").asText().equals("client")
                        ? conversation.requests
                        : ends ? conversation.trailers : conversation.responses;
                list.add(headers(frame.get("headers")));
            }
        }
        return conversation;
    }

    private static Http2Headers headers(JsonNode list) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        list.forEach(header ->
                headers.add(bytes(header.get(0).asText()), bytes(header.get(1).asText())));
        return headers;
    }

    /** As Netty's decoder makes them. */
    static AsciiString bytes(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Headers of pairs, as a peer would send them. */
    static Http2Headers headers(String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(bytes(namesAndValues[i]), bytes(namesAndValues[i + 1]));
        }
        return headers;
    }

    /** In order, as {@code name: value}. */
    static List<String> lines(Http2Headers headers) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            lines.add(HeaderText.text(header.getKey()) + ": " + HeaderText.text(header.getValue()));
        }
        return lines;
    }
}
