package io.streamx.auth;

import io.streamx.CallContext;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Checks bearer tokens for {@link Authenticator#bearer}. */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * Says whose token this is; may block.
     *
     * @return null for a token that is not valid, or no longer
     * @throws io.streamx.StatusException to refuse the call in other words
     * @throws Exception when the token could not be checked
     */
    @Nullable
    Principal verify(String token, CallContext call) throws Exception;
}
