package io.streamx.auth;

import io.streamx.CallInfo;
import io.streamx.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Gives each call of a client what proves to the server who calls. It is set for all calls of a client with {@code
 * Client.Builder.credentials}, or for those of one view with {@link io.streamx.service.ServiceClient#withCredentials}, which
 * then replaces that of the client.
 *
 * <p>On gRPC the entries travel as headers of the request, as all gRPC peers expect them. On TTHeader they travel as
 * transient metainfo, which Kitex servers read with {@code metainfo.GetValue} and which ends at this server. Framed and
 * buffered Thrift have no room for them, and a call on those fails.
 *
 * <p>An object is used by many calls at once.
 */
@FunctionalInterface
public interface CallCredentials {
    /** The name that bearer tokens and passwords travel under. */
    String AUTHORIZATION = "authorization";

    /**
     * The entries for one call. Called on the caller's thread, inside all middleware, for each call that the application
     * makes and for each that middleware makes again. It may block; what it takes is time of the call.
     *
     * @return the entries, in place of those of their names that the call has already; empty for none
     * @throws Exception when there are none to be had; the call then fails with a {@link CredentialsException}, and
     *     nothing is sent
     */
    Metadata entriesFor(CredentialsRequest request) throws Exception;

    /**
     * Whether the entries may travel on connections with TLS alone, which is so unless this is overridden. A call over
     * clear text then fails with a {@link CredentialsException}, and {@link #entriesFor} is not asked.
     */
    default boolean requiresTls() {
        return true;
    }

    /**
     * Called when the server has answered a call with {@link io.streamx.StatusCode#UNAUTHENTICATED}, so that what was sent
     * need not be sent again. May run on any thread and must not block.
     *
     * @param entries what {@link #entriesFor} gave for that call
     */
    default void refused(CallInfo call, Metadata entries) {}

    /**
     * These credentials for connections without TLS too, on which everybody on the way can read them: for tests, and where
     * a proxy on this machine encrypts.
     */
    default CallCredentials overClearText() {
        CallCredentials own = this;
        return new CallCredentials() {
            @Override
            public Metadata entriesFor(CredentialsRequest request) throws Exception {
                return own.entriesFor(request);
            }

            @Override
            public boolean requiresTls() {
                return false;
            }

            @Override
            public void refused(CallInfo call, Metadata entries) {
                own.refused(call, entries);
            }
        };
    }

    /**
     * A bearer token, asked for with each call; {@code token} may block and may give another each time. See {@link
     * #cachedBearer} for tokens that expire.
     */
    static CallCredentials bearer(Supplier<String> token) {
        Objects.requireNonNull(token, "token");
        return request -> Metadata.of(AUTHORIZATION, AccessToken.header(token.get()));
    }

    /**
     * Bearer tokens that are kept until they expire. {@code source} is asked for the first by the first call, which waits;
     * for the next on a thread of its own, while calls go on with the old, when a fifth of the token's life is left or a
     * minute, whichever is shorter; and again by the next call when a server has refused the one in use. However many calls
     * wait, one question is asked at a time. A call does not wait longer than its own time.
     */
    static CallCredentials cachedBearer(TokenSource source) {
        return new CachedBearer(source, System::nanoTime, java.time.Clock.systemUTC());
    }

    /**
     * A user's name and password, as HTTP's Basic scheme writes them.
     *
     * @throws IllegalArgumentException when {@code user} has a colon, which would end it
     */
    static CallCredentials basic(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: '" + user + "' (expected: a name without a colon)");
        }
        Metadata entries = Metadata.of(
                AUTHORIZATION,
                "Basic "
                        + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8)));
        return request -> entries;
    }
}
