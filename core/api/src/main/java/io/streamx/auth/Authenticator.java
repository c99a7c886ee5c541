package io.streamx.auth;

import io.streamx.CallContext;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who makes a call of a server, and whether they may. It is set with {@code Server.Builder.authenticator} and runs
 * for each call, unary or stream, in every protocol: on the handler's thread, so it may block; before hooks, middleware and
 * handler; and before anything of the request is decoded. It sees what came with the call ({@link CallContext#metadata},
 * {@link CallContext#transients}), where from ({@link CallContext#remoteAddress}), and what TLS has proven ({@link
 * CallContext#peerCertificates}, {@link CallContext#tlsSession}). Who was found is {@link CallContext#principal} from then on.
 *
 * <pre>{@code
 * Server.builder().authenticator(Authenticator.mutualTls()
 *         .allowing((who, call) -> who.getName().startsWith("spiffe://acme.example/ns/prod/"))
 *         .or(Authenticator.bearer((token, call) -> tokens.verify(token))))
 * }</pre>
 *
 * <p>A call is refused by a {@link StatusException}, {@link #unauthenticated} or {@link #permissionDenied}: on gRPC its code
 * and text are the status of the call; on TTHeader they are the text of an exception of type 6, {@code rpc error: code = 16
 * desc = ...}, as Kitex shows statuses, beside which clients of StreamX for Java find the code ({@link
 * io.streamx.RpcException#statusCode}). Any other exception is a failure of the check itself: the caller sees status 13
 * without its text, and the log has it.
 *
 * <p>Framed and buffered Thrift have no room for credentials: there only addresses and certificates say who calls.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Says who makes a call.
     *
     * @return null where the call has nothing that this looks at; unless {@link #or another} knows the caller, the call is
     *     then refused with {@link StatusCode#UNAUTHENTICATED}
     * @throws StatusException to refuse the call
     * @throws Exception when the check itself fails
     */
    @Nullable
    Principal authenticate(CallContext call) throws Exception;

    /** This check, and {@code other} for calls that have nothing that this one looks at. */
    default Authenticator or(Authenticator other) {
        Objects.requireNonNull(other, "other");
        return call -> {
            Principal found = authenticate(call);
            return found != null ? found : other.authenticate(call);
        };
    }

    /** This check, and then {@code rule}: a known caller whom it does not allow is refused with {@link StatusCode#PERMISSION_DENIED}. */
    default Authenticator allowing(BiPredicate<? super Principal, ? super CallContext> rule) {
        Objects.requireNonNull(rule, "rule");
        return call -> {
            Principal found = authenticate(call);
            if (found != null && !rule.test(found, call)) {
                throw permissionDenied(call.service() + "." + call.method() + " is not for " + found.getName());
            }
            return found;
        };
    }

    /**
     * The caller is who its certificate says, a {@link CertificatePrincipal}. The server's TLS settings say which certificates
     * are trusted; calls without one have nothing that this looks at.
     */
    static Authenticator mutualTls() {
        return call -> {
            List<X509Certificate> chain = call.peerCertificates();
            return chain.isEmpty() ? null : CertificatePrincipal.of(chain.get(0));
        };
    }

    /** The caller is whom {@code verifier} finds for its bearer token; calls without one have nothing that this looks at. */
    static Authenticator bearer(TokenVerifier verifier) {
        Objects.requireNonNull(verifier, "verifier");
        return call -> {
            String token = credentialsOf(call, "Bearer");
            if (token == null) {
                return null;
            }
            Principal found = verifier.verify(token, call);
            if (found == null) {
                throw unauthenticated("the bearer token is not valid");
            }
            return found;
        };
    }

    /**
     * The caller is whom {@code verifier} finds for its name and password; calls without these have nothing that this looks
     * at.
     */
    static Authenticator basic(PasswordVerifier verifier) {
        Objects.requireNonNull(verifier, "verifier");
        return call -> {
            String encoded = credentialsOf(call, "Basic");
            if (encoded == null) {
                return null;
            }
            String pair;
            try {
                pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw unauthenticated(
                        "the entry 'authorization' is no name and password (expected: Base64 behind Basic)");
            }
            int colon = pair.indexOf(':');
            Principal found =
                    colon < 0 ? null : verifier.verify(pair.substring(0, colon), pair.substring(colon + 1), call);
            if (found == null) {
                throw unauthenticated("the name or the password is wrong");
            }
            return found;
        };
    }

    /**
     * The credentials of an authorization scheme, "Bearer" or "Basic", that came with a call, wherever its carrier has them:
     * headers on gRPC, entries or transient metainfo on TTHeader, whatever the capitals of the name; null when there are none.
     */
    static @Nullable String credentialsOf(CallContext call, String scheme) {
        String value = call.metadata().first(CallCredentials.AUTHORIZATION);
        if (value == null) {
            // Kitex writes the keys of metainfo in capitals where they travel as headers of gRPC.
            for (Map.Entry<String, String> entry : call.transients().entrySet()) {
                if (entry.getKey().equalsIgnoreCase(CallCredentials.AUTHORIZATION)) {
                    value = entry.getValue();
                }
            }
        }
        if (value == null
                || value.length() <= scheme.length()
                || value.charAt(scheme.length()) != ' '
                || !value.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return null;
        }
        return value.substring(scheme.length()).strip();
    }

    /** To throw where nobody knows who calls. {@code why} is for the caller. */
    static StatusException unauthenticated(String why) {
        return new StatusException(StatusCode.UNAUTHENTICATED, why);
    }

    /** To throw where the caller is known and may not do this. {@code why} is for the caller. */
    static StatusException permissionDenied(String why) {
        return new StatusException(StatusCode.PERMISSION_DENIED, why);
    }
}
