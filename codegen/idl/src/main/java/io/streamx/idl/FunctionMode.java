package io.streamx.idl;

/** Which ends of a function stream. */
public enum FunctionMode {
    /** One request, one response. Also the legacy {@code streaming.mode="unary"}. */
    UNARY,
    /** Many requests, one response. */
    CLIENT,
    /** One request, many responses. */
    SERVER,
    /** Many requests, many responses. */
    BIDIRECTIONAL
}
