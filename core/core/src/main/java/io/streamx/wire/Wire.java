package io.streamx.wire;

/** The writing side of one connection, as its {@link StreamHost} uses it. On the event loop. */
public interface Wire {
    /**
     * Whether the network still takes bytes; when the network takes bytes again, {@link StreamHost#writable} is to be
     * called.
     */
    boolean isWritable();

    /** Sends on what was written since the last flush, in as few system calls as possible. */
    void flush();
}
