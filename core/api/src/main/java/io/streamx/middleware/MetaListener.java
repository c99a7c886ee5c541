package io.streamx.middleware;

import io.streamx.CallInfo;
import java.util.Map;

/**
 * Hears of the Meta frames that proxies send to clients about a stream. The listener runs on a new thread for each
 * frame; what it throws is logged.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "3. Frames".
 */
@FunctionalInterface
public interface MetaListener {
    /** A Meta frame came. */
    void onMeta(CallInfo call, Map<Integer, String> intEntries, Map<String, String> entries, byte[] payload);
}
