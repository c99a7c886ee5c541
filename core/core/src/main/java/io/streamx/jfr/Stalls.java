package io.streamx.jfr;

import org.jspecify.annotations.Nullable;

/** Begins the events of waits where these are recorded. */
public final class Stalls {
    // These are asked whether their kind is recorded. They are never written.
    private static final StallEvent SEND = new StallEvent.OfSend();
    private static final StallEvent RECEIVE = new StallEvent.OfReceive();

    private Stalls() {}

    /** A sender begins to wait for room; null where that is not recorded. */
    public static @Nullable StallEvent sendBegins() {
        return SEND.isEnabled() ? begun(new StallEvent.OfSend()) : null;
    }

    /** A reader begins to wait for a message; null where that is not recorded. */
    public static @Nullable StallEvent receiveBegins() {
        return RECEIVE.isEnabled() ? begun(new StallEvent.OfReceive()) : null;
    }

    private static StallEvent begun(StallEvent event) {
        event.begin();
        return event;
    }
}
