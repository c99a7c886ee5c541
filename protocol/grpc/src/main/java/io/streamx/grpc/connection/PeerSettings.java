package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.Http2Settings;

/** What the peer's SETTINGS have said that calls have to know. Written on the event loop. */
final class PeerSettings {
    private boolean come;
    private volatile long maxHeaderListBytes = Long.MAX_VALUE;

    /** SETTINGS have come. */
    void onSettings(Http2Settings settings) {
        come = true;
        Long limit = settings.maxHeaderListSize();
        if (limit != null) {
            maxHeaderListBytes = limit;
        }
    }

    /** Whether any have come, so that the peer is one that speaks HTTP/2. On the event loop. */
    boolean haveCome() {
        return come;
    }

    /** The largest header list the peer takes, as far as it has said so; any thread. */
    long maxHeaderListBytes() {
        return maxHeaderListBytes;
    }
}
