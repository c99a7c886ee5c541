package io.streamx.auth;

import io.streamx.CallContext;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Checks names and passwords for {@link Authenticator#basic}. */
@FunctionalInterface
public interface PasswordVerifier {
    /**
     * Says who has this name and password; may block.
     *
     * @return null when nobody has
     * @throws io.streamx.StatusException to refuse the call in other words
     * @throws Exception when they could not be checked
     */
    @Nullable
    Principal verify(String user, String password, CallContext call) throws Exception;
}
