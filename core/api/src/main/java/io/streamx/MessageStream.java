package io.streamx;

/** What all streams have in common, as recv and send middleware sees them. */
public interface MessageStream {
    /** The call this stream carries. */
    CallInfo call();

    /**
     * Whether the message that was received last came compressed, be it one of many or the only request or reply.
     * Messages that wait unread behind it do not count. The answer is false before the first message, and on carriers
     * that do not compress: only gRPC does. The thread that receives is to ask. A stream that wraps another passes the
     * question on.
     */
    default boolean isLastReceivedCompressed() {
        return false;
    }
}
