package io.streamx.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Gives the senders of one connection their room back when their bytes have left: many messages of a stream at once, since
 * each such step may wake a thread. On the event loop.
 */
final class WriteCredits {
    private static final int SETTLE_BYTES = 32 * 1024;

    private final List<ConnectionStream> open = new ArrayList<>();
    private long bytes;

    /** {@code cost} of what {@code stream} has sent has left. */
    void add(ConnectionStream stream, int cost) {
        if (stream.credit == 0) {
            open.add(stream);
        }
        stream.credit += cost;
        bytes += cost;
        if (bytes >= SETTLE_BYTES) {
            settle();
        }
    }

    /** Gives back what has left so far. */
    void settle() {
        if (bytes == 0) {
            return;
        }
        bytes = 0;
        for (int i = 0; i < open.size(); i++) {
            ConnectionStream stream = open.get(i);
            long left = stream.credit;
            stream.credit = 0;
            stream.giveBack(left);
        }
        open.clear();
    }
}
