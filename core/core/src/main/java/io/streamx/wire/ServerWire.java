package io.streamx.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one stream of a server looks on its wire. On the event loop, but for what says otherwise. */
public non-sealed interface ServerWire extends StreamWire {
    /**
     * Checks entries a handler wants to send. On the handler's thread.
     *
     * @throws IllegalArgumentException naming the entry this wire cannot carry
     */
    void checkEntries(Map<String, String> entries);

    /** Writes the header entries. */
    void writeHeader(Map<String, String> entries);

    /**
     * Writes the end of the stream.
     *
     * @param fromHandler whether {@code failure} is the handler's own, not a middleware's or the runtime's
     */
    void writeTrailer(Map<String, String> entries, @Nullable Throwable failure, boolean fromHandler);
}
