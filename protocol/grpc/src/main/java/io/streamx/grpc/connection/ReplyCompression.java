package io.streamx.grpc.connection;

import io.streamx.Compressor;
import io.streamx.grpc.Compressors;
import io.streamx.grpc.protocol.RequestHead;
import java.util.Collections;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the messages of one call are compressed with at its server: what the caller uses itself, until the handler chooses
 * something else. The choice is final when the first message or the header is written. Safe from any thread.
 *
 * <p>Source: docs/protocol/grpc.md "7. Compression". Kitex takes the first of the caller's list that it knows, and
 * fails where it knows none; plain messages are understood by everyone.
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
     * @throws IllegalStateException when it is too late
     * @throws IllegalArgumentException when there is no such compressor
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
        // Who compresses with something understands it, even without saying so.
        boolean understood = head.acceptEncodings().contains(name)
                || (head.acceptEncodings().isEmpty() && head.encoding().equals(name));
        return understood ? compressor : null;
    }

    /** The longest name that the header may have to carry, whatever will be chosen. */
    String longestEncoding() {
        return Collections.max(compressors.names(), Comparator.comparingInt(String::length));
    }

    /** The choice, final from now on; null for no compression. */
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
