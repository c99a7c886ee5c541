package io.streamx.cli;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import java.util.concurrent.CompletableFuture;

/** Hears that the one stream of a client has ended, while nobody receives from it. */
final class EndOfStream implements CallListener {
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        ended.complete(null);
    }

    /** Completes when the stream has ended. */
    CompletableFuture<Void> ended() {
        return ended;
    }
}
