package io.streamx.wire;

/**
 * Is told of each message that a reader takes, so that a wire with flow control of its own may let the peer send as
 * much again. One thread at a time: the reader's, or the event loop's when that
 * drops what nobody takes.
 */
public interface ReadCredit {
    /** A message of {@code messageBytes} bytes, without its framing, was taken out of the queue of its stream. */
    void taken(int messageBytes);
}
