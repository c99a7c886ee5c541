package io.streamx.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token. Its text shows no part of it.
 *
 * @param value what travels
 * @param expiresAt from when on servers refuse it; null when it is not known to expire
 */
public record AccessToken(String value, @Nullable Instant expiresAt) {
    /**
     * @throws IllegalArgumentException when {@code value} is empty or has characters that no header can carry; the message
     *     does not show it
     */
    public AccessToken {
        header(value);
    }

    /** A token that is not known to expire. */
    public static AccessToken of(String value) {
        return new AccessToken(value, null);
    }

    /** The value of the entry that carries a token. */
    static String header(String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "a bearer token of " + token.length() + " characters (expected: printable ASCII without spaces)");
        }
        return "Bearer " + token;
    }

    @Override
    public String toString() {
        return "AccessToken[expiresAt=" + expiresAt + "]";
    }
}
