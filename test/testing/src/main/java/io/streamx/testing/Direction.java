package io.streamx.testing;

/** Which way bytes go through a {@link FaultProxy}. */
public enum Direction {
    /** What clients send. */
    TO_SERVER,
    /** What the server sends. */
    TO_CLIENT
}
