package io.streamx;

/** Who sends how many messages in a call. */
public enum StreamingMode {
    /** One request, one reply. */
    UNARY,
    /** Many requests, one reply. */
    CLIENT,
    /** One request, many replies. */
    SERVER,
    /** Many requests, many replies, in any interleaving. */
    BIDIRECTIONAL
}
