package io.streamx.auth;

import io.streamx.CallInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The call that {@link CallCredentials} are asked for.
 *
 * @param call the service and method, the name of the called service ({@link CallInfo#to}), and what the call travels on; no
 *     instance has been chosen yet
 * @param isTls whether the call will travel on a connection with TLS
 * @param remaining what the call has left of its time; null when it has no limit
 */
public record CredentialsRequest(
        CallInfo call, boolean isTls, @Nullable Duration remaining) {}
