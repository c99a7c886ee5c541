package io.streamx.auth;

/** Where {@link CallCredentials#cachedBearer} has its tokens from, such as an authorization server. */
@FunctionalInterface
public interface TokenSource {
    /**
     * A new token. It may block, and is not called again before it has returned. It must not make calls that need the token
     * itself, which would wait for each other.
     *
     * @throws Exception when there is none to be had; the calls that wait for it fail, and the next call asks again
     */
    AccessToken fetch() throws Exception;
}
