package io.streamx;

import java.util.Map;

/**
 * What the three server shapes share. A stream is valid until its handler returns; afterwards every call fails with
 * {@link StreamException#HANDLER_RETURNED}.
 */
public interface ServerStream extends MessageStream {
    /** The context of this call: metainfo, remaining time, cancellation. */
    @Override
    CallContext call();

    /**
     * Adds entries to the header. They replace entries of their names that were set before; on gRPC a name may have several
     * values.
     *
     * @throws RpcException when the header has been sent
     * @throws IllegalArgumentException when the wire cannot carry the entries, naming one; TTHeader cannot carry
     *     several values of a name
     */
    void setHeader(Metadata entries);

    /** As the method that takes {@link Metadata}, with one value for each name. */
    default void setHeader(Map<String, String> entries) {
        setHeader(Metadata.of(entries));
    }

    /**
     * Adds entries and sends the header now. A header that is not sent goes out with the first message or at the end.
     *
     * @throws RpcException when the header has been sent
     * @throws IllegalArgumentException as {@link #setHeader(Metadata)} does
     */
    void sendHeader(Metadata entries);

    /** As the method that takes {@link Metadata}, with one value for each name. */
    default void sendHeader(Map<String, String> entries) {
        sendHeader(Metadata.of(entries));
    }

    /**
     * Adds entries to the trailer, which goes out when the handler returns, as {@link #setHeader(Metadata)} does to the
     * header.
     *
     * @throws IllegalArgumentException as {@link #setHeader(Metadata)} does
     */
    void setTrailer(Metadata entries);

    /** As the method that takes {@link Metadata}, with one value for each name. */
    default void setTrailer(Map<String, String> entries) {
        setTrailer(Metadata.of(entries));
    }
}
