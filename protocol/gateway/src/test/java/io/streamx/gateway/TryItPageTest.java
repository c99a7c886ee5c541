package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Type;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the try-it page, and what it says of a server. */
class TryItPageTest {
    @SuppressWarnings("NullAway.Init")
    private static GatewayServer gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayServer(options -> options.tryItPage(true), server -> server);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static HttpResponse<String> get(GatewayServer from, String path, String... headers) throws Exception {
        var request = from.request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return from.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(GatewayServer from, String path, String host) throws Exception {
        try (RawHttp raw = new RawHttp(from.port())) {
            raw.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            return raw.response();
        }
    }

    @Test
    void theCatalogHasMethodsWithTheirCommentsAndTypes() throws Exception {
        JsonNode catalog = new ObjectMapper()
                .readTree(get(gateway, "/streamx/try/catalog.json").body());

        JsonNode chat = catalog.path("services").path(0);
        assertThat(chat.path("name").asText()).isEqualTo("chat.Chat");
        assertThat(chat.path("doc").asText()).isEqualTo("Answers questions.");
        JsonNode ask = chat.path("methods").path(0);
        assertThat(ask.path("name").asText()).isEqualTo("Ask");
        assertThat(ask.path("doc").asText()).isEqualTo("One answer to one question.");
        assertThat(ask.path("path").asText()).isEqualTo("/chat.Chat/Ask");
        JsonNode question =
                catalog.path("types").path(ask.path("request").path("to").asText());
        assertThat(question.path("fields").findValuesAsText("name")).containsExactly("text", "id", "earlier", "mood");
        assertThat(question.path("fields").path(0).path("doc").asText()).isEqualTo("What is asked.");
        assertThat(question.path("fields").path(0).path("optional").asBoolean()).isFalse();
        // A question holds questions, and is described once.
        assertThat(question.path("fields").path(2).path("type").path("of").path("to"))
                .isEqualTo(ask.path("request").path("to"));
        assertThat(chat.path("methods").findValuesAsText("mode"))
                .contains("unary", "server", "client", "bidirectional");

        JsonNode types = catalog.path("services").path(1);
        assertThat(types.path("format").asText()).isEqualTo("protobuf");
        JsonNode type = catalog.path("types")
                .path(types.path("methods").path(0).path("request").path("to").asText());
        assertThat(type.path("fields").findValuesAsText("name"))
                .contains("name", "fields", "oneofs", "sourceContext", "syntax");
        assertThat(catalog.path("types").path("proto:google.protobuf.Syntax").path("values"))
                .extracting(JsonNode::asText)
                .contains("SYNTAX_PROTO3");
    }

    @Test
    void commentsOfProtobufComeFromADescriptorSetWithSourceInfo() throws Exception {
        Path comments = Path.of("src/test/resources/types.binpb");
        try (GatewayServer commented =
                new GatewayServer(options -> options.tryItPage(true).protobufComments(comments), server -> server)) {
            JsonNode catalog = new ObjectMapper()
                    .readTree(get(commented, "/streamx/try/catalog.json").body());
            JsonNode types = catalog.path("services").path(1);

            assertThat(types.path("name").asText()).isEqualTo("acme.types.v1.Types");
            assertThat(types.path("doc").asText()).isEqualTo("Takes types apart\nand puts them together.");
            assertThat(types.path("methods").findValuesAsText("doc"))
                    .containsExactly("Gives back what it is given.", "Always fails.");
            JsonNode type = catalog.path("types").path("proto:google.protobuf.Type");
            assertThat(type.path("doc").asText()).startsWith("A protocol buffer message type.");
            assertThat(type.path("fields").findValuesAsText("doc")).contains("The list of fields.");
            assertThat(catalog.path("types")
                            .path("proto:google.protobuf.Field.Kind")
                            .path("doc")
                            .asText())
                    .isEqualTo("Basic field types.");
        }
    }

    @Test
    void aFileWithoutCommentsOfProtobufIsRefusedByName(@TempDir Path folder) throws Exception {
        Path without = folder.resolve("without.binpb");
        Files.write(
                without,
                FileDescriptorSet.newBuilder()
                        .addFile(Type.getDescriptor().getFile().toProto())
                        .build()
                        .toByteArray());
        Path noSet = Files.writeString(folder.resolve("text.binpb"), "syntax = \"proto3\";");
        GatewayOptions.Builder options = GatewayOptions.builder();

        assertThatThrownBy(() -> options.protobufComments(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("without.binpb: no comments", "--include_source_info");
        assertThatThrownBy(() -> options.protobufComments(noSet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("text.binpb", "--descriptor_set_out");
        assertThatThrownBy(() -> options.protobufComments(folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
    }

    @Test
    void thePageTalksToItsOwnServerAlone() throws Exception {
        HttpResponse<String> page = get(gateway, "/streamx/try/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(page.headers().firstValue("cache-control")).contains("no-store");
        assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
        // Scripts, styles and handlers of events within the page would not run.
        assertThat(page.body()).doesNotContainPattern("<script(?! type=\"module\" src)|<style|style=| on[a-z]+=");
        for (String file : new String[] {"page.js", "form.js", "call.js", "style.css"}) {
            assertThat(get(gateway, "/streamx/try/" + file).statusCode()).isEqualTo(200);
        }
        assertThat(raw(gateway, "/streamx/try", "localhost")).contains("308").contains("location: /streamx/try/");
    }

    @Test
    void aServerThatWasNotToldHasNone() throws Exception {
        try (GatewayServer without = new GatewayServer()) {
            assertThat(get(without, "/streamx/try/").statusCode()).isEqualTo(404);
            assertThat(get(without, "/streamx/try/catalog.json").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whoeverCallsTheServerByAnotherNameIsRefused() throws Exception {
        for (String host :
                new String[] {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:1@evil", ""
                }) {
            assertThat(raw(gateway, "/streamx/try/catalog.json", host))
                    .as(host)
                    .contains(" 403 ")
                    .doesNotContain("Question");
        }
        assertThat(raw(gateway, "/streamx/try/catalog.json", "localhost:" + gateway.port()))
                .contains(" 200 ");
        assertThat(raw(gateway, "/streamx/try/catalog.json", "[::1]")).contains(" 200 ");
        try (GatewayServer open = new GatewayServer(options -> options.tryItPageForEverybody(true), server -> server)) {
            assertThat(raw(open, "/streamx/try/catalog.json", "chat.example")).contains(" 200 ");
        }
    }

    @Test
    void pagesOfOtherSitesCannotReadIt() throws Exception {
        assertThat(get(gateway, "/streamx/try/catalog.json", "origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(gateway, "/streamx/try/catalog.json", "sec-fetch-site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void nothingBesideItsFilesIsServed() throws Exception {
        for (String path : new String[] {
            "/streamx/try/../GatewayOptions.class",
            "/streamx/try/%2e%2e/GatewayOptions.class",
            "/streamx/try/index.html",
            "/streamx/try//etc/passwd",
            "/streamx/try/page.js%00.css",
            "/streamx/try/" + "x".repeat(10_000)
        }) {
            assertThat(raw(gateway, path, "localhost")).as(path).contains(" 404 ");
        }
        assertThat(gateway.post("/streamx/try/catalog.json", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void itHasTheSamePrefixAsTheCalls() throws Exception {
        try (GatewayServer prefixed =
                new GatewayServer(options -> options.tryItPage(true).pathPrefix("/api"), server -> server)) {
            assertThat(get(prefixed, "/api/streamx/try/").statusCode()).isEqualTo(200);
            assertThat(get(prefixed, "/api/streamx/try/catalog.json").body()).contains("\"/api/chat.Chat/Ask\"");
            assertThat(get(prefixed, "/streamx/try/").statusCode()).isEqualTo(404);
        }
    }
}
