package io.streamx.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A generic server of Kitex in a process of its own, and what it saw. */
final class GenericPeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PeerProcess process;
    private final String address;

    /** Starts a server with one of the forms that {@code interop/generic/forms.go} names. */
    GenericPeer(GoModule module, String form) {
        process = module.start("peer", "serve", "--form", form, "--idl", idl(form));
        address = "127.0.0.1:" + process.announcement().get("port").asInt();
    }

    /** The IDL that a form reads. */
    static String idl(String form) {
        return form.startsWith("pb-") ? "idl/generic.proto" : "idl/generic.thrift";
    }

    String address() {
        return address;
    }

    /** The next messages that a handler was given, as texts; waits for them. */
    List<String> saw(String method, int count) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonNode line = process.announcement();
            if (!line.get("method").asText().equals(method)) {
                throw new AssertionError(line + " (expected: of " + method + ")");
            }
            seen.add(line.get("saw").asText());
        }
        return seen;
    }

    /** What a call of a Kitex generic client is to be. */
    static Map<String, Object> call(
            String address, String form, String transport, String method, String mode, List<String> messages) {
        return Map.of(
                "Address", address,
                "Form", form,
                "Idl", idl(form),
                "Transport", transport,
                "Method", method,
                "Mode", mode,
                "Messages", messages);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    static List<JsonNode> json(List<String> texts) {
        return texts.stream().map(GenericPeer::json).toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
