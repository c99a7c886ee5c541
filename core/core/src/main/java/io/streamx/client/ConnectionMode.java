package io.streamx.client;

/** How streams use connections. */
public enum ConnectionMode {
    /** A few connections for each address, each carrying any number of streams. */
    MUX,
    /** A connection carries one stream at a time, and is kept for the next stream. */
    LONG,
    /** Each stream has a connection of its own, which is closed behind it. */
    SHORT
}
