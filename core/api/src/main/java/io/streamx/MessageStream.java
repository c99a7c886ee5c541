package io.streamx;

/** What all streams have in common, as recv and send middleware sees them. */
public interface MessageStream {
    /** The call this stream carries. */
    CallInfo call();

    /**
     * Whether the message that was received last came compressed, be it one of many or the only request or reply. What
     * waits unread behind it does not count. False before the first message, and on carriers that do not compress: only
     * gRPC does. To be asked by the thread that receives; a stream that wraps another asks that one.
     */
    default boolean isLastReceivedCompressed() {
        return false;
    }
}
