package io.streamx;

import java.util.Map;

/**
 * What the three server shapes share. Valid until the handler returns; afterwards every call fails with
 * {@link StreamException#HANDLER_RETURNED}.
 */
public interface ServerStream extends MessageStream {
    /** The context of this call: metainfo, remaining time, cancellation. */
    @Override
    CallContext call();

    /**
     * Adds entries to the header; a later value of a key wins.
     *
     * @throws StreamException when the header has been sent
     */
    void setHeader(Map<String, String> entries);

    /**
     * Adds entries and sends the header now; otherwise it goes out with the first message or at the end.
     *
     * @throws StreamException when the header has been sent
     */
    void sendHeader(Map<String, String> entries);

    /** Adds entries to the trailer, which goes out when the handler returns; a later value of a key wins. */
    void setTrailer(Map<String, String> entries);
}
