package io.streamx.gateway;

import io.streamx.wire.InboundMessage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The message of a request without a body. Source: connectrpc.com/docs/protocol "Unary-Get-Request". */
final class QueryMessage {
    private QueryMessage() {}

    /** The parameter {@code message}, in base64 where {@code base64=1} says so; empty when there is none. */
    static InboundMessage of(HttpHead head) throws HttpRefusal {
        String message = head.parameter("message");
        if (message == null) {
            return InboundMessage.of(new byte[0], 0, 0);
        }
        byte[] bytes =
                "1".equals(head.parameter("base64")) ? decode(message) : message.getBytes(StandardCharsets.UTF_8);
        return InboundMessage.of(bytes, 0, bytes.length);
    }

    private static byte[] decode(String message) throws HttpRefusal {
        try {
            return Base64.getUrlDecoder().decode(message.replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            throw HttpRefusal.badRequest("message in the query: " + e.getMessage() + " (expected: URL-safe base64)");
        }
    }
}
