package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which pages of browsers may call. */
class OriginsTest {
    private static String request(GatewayServer gateway, String headers) throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            return raw.send("POST /Chat/Metadata HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/json\r\n"
                            + headers + "Content-Length: 3\r\n\r\n\"x\"")
                    .response();
        }
    }

    private static String preflight(GatewayServer gateway, String origin) throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            return raw.send("OPTIONS /Chat/Ask HTTP/1.1\r\nHost: localhost:1\r\nOrigin: " + origin
                            + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type, x-tag"
                            + "\r\n\r\n")
                    .readUntil("\r\n\r\n");
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedWhenNothingIsSet() throws Exception {
        try (GatewayServer gateway = new GatewayServer()) {
            assertThat(request(gateway, "Origin: https://evil.example\r\n"))
                    .startsWith("HTTP/1.1 403")
                    .contains("allowOrigin")
                    .doesNotContain("access-control-allow-origin");
            assertThat(request(gateway, "Origin: null\r\n")).startsWith("HTTP/1.1 403");
            assertThat(request(gateway, "Sec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
            assertThat(preflight(gateway, "https://evil.example")).startsWith("HTTP/1.1 403");

            assertThat(request(gateway, "Origin: http://localhost:1\r\n")).startsWith("HTTP/1.1 200");
            assertThat(request(gateway, "Sec-Fetch-Site: same-origin\r\n")).startsWith("HTTP/1.1 200");
            assertThat(request(gateway, "")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void pagesOfAllowedOriginsSeeResponsesAndTheirHeaders() throws Exception {
        try (GatewayServer gateway = new GatewayServer(
                options -> options.allowOrigin("https://app.example").allowCredentials(true), server -> server)) {
            assertThat(preflight(gateway, "https://app.example"))
                    .startsWith("HTTP/1.1 204")
                    .contains("access-control-allow-origin: https://app.example")
                    .contains("access-control-allow-headers: content-type, x-tag")
                    .contains("access-control-allow-credentials: true");
            assertThat(request(gateway, "Origin: https://app.example\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .contains("access-control-allow-origin: https://app.example")
                    .contains("access-control-expose-headers: x-seen, trailer-x-cost")
                    .contains("vary: Origin");
            assertThat(request(gateway, "Origin: https://other.example\r\n")).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void everyOriginMayBeAllowed() throws Exception {
        try (GatewayServer gateway = new GatewayServer(options -> options.allowOrigin("*"), server -> server)) {
            assertThat(request(gateway, "Origin: https://any.example\r\n")).contains("access-control-allow-origin: *");
            assertThat(request(gateway, "Sec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 200");
        }
    }
}
