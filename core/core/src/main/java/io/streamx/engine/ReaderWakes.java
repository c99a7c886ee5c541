package io.streamx.engine;

import java.util.ArrayList;
import java.util.List;

/** The readers to be woken when a read of the socket has been decoded, each once however many messages came. On the event loop. */
final class ReaderWakes {
    private final List<ConnectionStream> streams = new ArrayList<>();

    /** Something came for the reader of {@code stream}. */
    void add(ConnectionStream stream) {
        if (!stream.toBeWoken) {
            stream.toBeWoken = true;
            streams.add(stream);
        }
    }

    /** Wakes them. */
    void wakeAll() {
        for (int i = 0; i < streams.size(); i++) {
            ConnectionStream stream = streams.get(i);
            stream.toBeWoken = false;
            stream.wakeReader();
        }
        streams.clear();
    }
}
