package io.streamx.grpc.connection;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers to pings that a client holds back after a server has announced that the connection will end: streams that were
 * on their way to this connection when the announcement came are to be opened before the answer, which the server takes
 * for a sign that no more of them come. So no call is lost and none has to be made twice.
 */
final class HeldPings {
    /** How many answers are held back. Servers ping once or twice then; further pings are answered at once. */
    private static final int MAX_HELD = 8;

    private final List<Long> held = new ArrayList<>();

    /** Holds back the answer to a ping, and says whether it is held back. */
    boolean hold(long data) {
        return held.size() < MAX_HELD && held.add(data);
    }

    /** The pings that are to be answered now. */
    List<Long> release() {
        List<Long> all = List.copyOf(held);
        held.clear();
        return all;
    }
}
