package io.streamx.spring;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an authorization server has that a resource server asks: OpenID discovery, its keys, and introspection of tokens. */
final class AuthorizationServer implements AutoCloseable {
    private static final String CLIENT =
            "Basic " + Base64.getEncoder().encodeToString("chat:secret".getBytes(StandardCharsets.US_ASCII));

    private final HttpServer http;
    private final RSAKey key = key();
    /** The answers to tokens that are no JWT, by token. */
    private final Map<String, String> opaque = new ConcurrentHashMap<>();

    AuthorizationServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        200,
                        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
                                .formatted(issuer(), issuer())));
        http.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        http.createContext("/introspect", this::introspect);
        http.start();
    }

    static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("one").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    /** A token of this server for whoever is named. */
    String token(String subject, String scope) throws JOSEException {
        return token(key, issuer(), subject, scope);
    }

    static String token(RSAKey key, String issuer, String subject, String scope) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .subject(subject)
                        .claim("scope", scope)
                        .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    /** Makes a token known that says nothing by itself. */
    void issue(String token, String subject, String scope) {
        opaque.put(
                token,
                "{\"active\":true,\"sub\":\"%s\",\"username\":\"%s\",\"scope\":\"%s\"}"
                        .formatted(subject, subject, scope));
    }

    private void introspect(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!CLIENT.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{}");
            return;
        }
        String token = body.replaceFirst("^(.*&)?token=", "").replaceFirst("&.*$", "");
        answer(exchange, 200, opaque.getOrDefault(token, "{\"active\":false}"));
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
