package io.streamx.wire;

import io.streamx.engine.StreamConnection;
import io.streamx.engine.flow.OutboundQueue;

/** The writing side of one connection, as its {@link OutboundQueue} uses it. On the event loop. */
public interface Wire {
    /** Whether the network still takes bytes; when it does again, {@link StreamConnection#writable} is to be called. */
    boolean isWritable();

    /** Sends on what was written since the last flush, in as few system calls as possible. */
    void flush();
}
