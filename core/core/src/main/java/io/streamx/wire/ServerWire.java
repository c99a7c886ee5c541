package io.streamx.wire;

import io.streamx.Metadata;
import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/** How one stream of a server looks on its wire. Methods are for the event loop unless they say otherwise. */
public non-sealed interface ServerWire extends StreamWire {
    /**
     * Checks entries a handler wants to send. On the handler's thread.
     *
     * @throws IllegalArgumentException when this wire cannot carry an entry, naming it
     */
    void checkEntries(Metadata entries);

    /** Writes the header entries. */
    void writeHeader(Metadata entries);

    /**
     * Writes the end of the stream.
     *
     * @param fromHandler whether {@code failure} is the handler's own, not a middleware's or the runtime's
     */
    void writeTrailer(Metadata entries, @Nullable Throwable failure, boolean fromHandler);

    /** Gives the stream up. Nothing that waits to be sent is sent, where the wire can tell the caller so. */
    default void reset(RpcException failure) {
        writeTrailer(Metadata.EMPTY, failure, false);
    }
}
