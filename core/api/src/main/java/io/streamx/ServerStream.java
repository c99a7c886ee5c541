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
     * Adds entries to the header. They replace entries of their names that were set before; on gRPC a name may have several
     * values.
     *
     * @throws RpcException when the header has been sent
     * @throws IllegalArgumentException when the wire cannot carry the entries, naming one; several values of a name on
     *     TTHeader are such
     */
    void setHeader(Metadata entries);

    /** The same with one value for each name. */
    default void setHeader(Map<String, String> entries) {
        setHeader(Metadata.of(entries));
    }

    /**
     * Adds entries and sends the header now; otherwise it goes out with the first message or at the end.
     *
     * @throws RpcException when the header has been sent
     * @throws IllegalArgumentException as {@link #setHeader(Metadata)} does
     */
    void sendHeader(Metadata entries);

    /** The same with one value for each name. */
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

    /** The same with one value for each name. */
    default void setTrailer(Map<String, String> entries) {
        setTrailer(Metadata.of(entries));
    }
}
