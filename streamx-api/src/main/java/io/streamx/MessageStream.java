package io.streamx;

/** What all streams have in common, as recv and send middleware sees them. */
public interface MessageStream {
    /** The call this stream carries. */
    CallInfo call();
}
