/**
 * Who calls: {@link io.streamx.auth.CallCredentials} give each call of a client what proves its caller, and an {@link
 * io.streamx.auth.Authenticator} of a server finds out who that is before the handler runs, by what came with the call and
 * by the certificates of TLS.
 */
@NullMarked
package io.streamx.auth;

import org.jspecify.annotations.NullMarked;
