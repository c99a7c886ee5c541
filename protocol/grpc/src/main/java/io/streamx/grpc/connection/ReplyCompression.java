package io.streamx.grpc.connection;

import io.streamx.Compressor;
import io.streamx.grpc.Compressors;
import io.streamx.grpc.protocol.RequestHead;
import java.util.Collections;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the messages of one call are compressed with at its server: with what the caller uses, unless the
 * handler chooses something else. The choice is final when the first message or the header is written. Safe from any
 * thread.
 *
 * <p>Source: docs/protocol/grpc.md "7. Compression". Kitex takes the first compressor of the caller's list that it
 * knows, and fails where it knows none. This server sends plain messages then, which everyone understands.
 */
final class ReplyCompression {
    private final Compressors compressors;
    private final RequestHead head;
    private @Nullable Compressor chosen;
    private volatile boolean isFinal;

    ReplyCompression(Compressors compressors, RequestHead head) {
        this.compressors = compressors;
        this.head = head;
        chosen = accepted(compressors.find(head.encoding()));
    }

    /**
     * Chooses by name.
     *
     * @throws IllegalStateException when the choice comes too late
     * @throws IllegalArgumentException when there is no compressor named {@code name}
     */
    synchronized void choose(String name) {
        Compressor compressor = compressors.choose(name);
        if (isFinal) {
            throw new IllegalStateException("compression '" + name + "' for " + head.fullMethod()
                    + " after the first message or the header (expected: before them)");
        }
        chosen = accepted(compressor);
    }

    private @Nullable Compressor accepted(@Nullable Compressor compressor) {
        if (compressor == null) {
            return null;
        }
        String name = compressor.name();
        // A caller understands what it compresses with, even without saying so.
        boolean understood = head.acceptEncodings().contains(name)
                || (head.acceptEncodings().isEmpty() && head.encoding().equals(name));
        return understood ? compressor : null;
    }

    /** The longest name that the header may have to carry, whatever will be chosen. */
    String longestEncoding() {
        return Collections.max(compressors.names(), Comparator.comparingInt(String::length));
    }

    /** Makes the choice final and returns it; null for no compression. */
    @Nullable
    Compressor settle() {
        if (!isFinal) {
            synchronized (this) {
                isFinal = true;
            }
        }
        return chosen;
    }

    /** The name to send in the header. */
    String encoding() {
        Compressor compressor = settle();
        return compressor == null ? Compressors.IDENTITY : compressor.name();
    }
}
