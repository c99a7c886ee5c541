package io.streamx.engine;

import io.streamx.wire.Draining;
import org.jspecify.annotations.Nullable;

/** That the peer of a connection says that it is leaving, and who wants to know. Safe from any thread. */
public final class PeerLeaving {
    /** The object is made when it is first needed, which it never is at a server. */
    private @Nullable Draining draining;

    private volatile @Nullable Runnable follower;

    /** The peer has said that it is leaving. */
    void begin() {
        draining().begin();
        Runnable told = follower;
        if (told != null) {
            told.run();
        }
    }

    /** Whether somebody has asked to be told at once. */
    public boolean isFollowed() {
        return follower != null;
    }

    /** Runs a quick {@code step} at once, on the event loop, when the peer says so. One step alone is kept. */
    public void follow(Runnable step) {
        follower = step;
    }

    /** Whether the peer has said so, and which streams want to know. */
    synchronized Draining draining() {
        Draining made = draining;
        if (made == null) {
            made = new Draining();
            draining = made;
        }
        return made;
    }
}
