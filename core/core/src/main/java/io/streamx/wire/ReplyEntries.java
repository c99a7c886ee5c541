package io.streamx.wire;

import io.streamx.Metadata;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The header and trailer of a unary call at its server: entries may be added until the reply is made. Safe on any
 * thread.
 */
public final class ReplyEntries {
    /**
     * What goes out before and after the reply, or with the error.
     *
     * @param header null when it has been sent already
     */
    public record Sealed(@Nullable Metadata header, Metadata trailer) {
        /** No entries. */
        public static final Sealed NONE = new Sealed(Metadata.EMPTY, Metadata.EMPTY);
    }

    private final Consumer<Metadata> check;
    private final Consumer<Metadata> sendHeader;

    // Guarded by {@code this}.
    private Metadata header = Metadata.EMPTY;
    private Metadata trailer = Metadata.EMPTY;
    private boolean headerSent;
    private boolean sealed;

    /**
     * Entries for a carrier.
     *
     * @param check throws for entries that the carrier cannot send
     * @param sendHeader sends a header before the reply
     */
    public ReplyEntries(Consumer<Metadata> check, Consumer<Metadata> sendHeader) {
        this.check = check;
        this.sendHeader = sendHeader;
    }

    public synchronized void addToHeader(String call, Metadata entries) {
        header = mergedHeader(call, entries);
    }

    /** Sends the header now, with these entries too. */
    public synchronized void sendHeader(String call, Metadata entries) {
        header = mergedHeader(call, entries);
        headerSent = true;
        sendHeader.accept(header);
    }

    private Metadata mergedHeader(String call, Metadata entries) {
        if (headerSent) {
            throw new IllegalStateException("header of the unary call " + call
                    + " after it has been sent (expected: before sendHeader, and that once)");
        }
        return merged("header", call, header, entries);
    }

    public synchronized void addToTrailer(String call, Metadata entries) {
        trailer = merged("trailer", call, trailer, entries);
    }

    private Metadata merged(String what, String call, Metadata old, Metadata entries) {
        if (sealed) {
            throw new IllegalStateException(
                    what + " of the unary call " + call + " after its reply (expected: before the handler returns)");
        }
        Metadata merged = old.replacedBy(entries);
        check.accept(merged);
        return merged;
    }

    /** All that was added. What is added from now on would come too late, and is refused. */
    public synchronized Sealed seal() {
        sealed = true;
        return new Sealed(headerSent ? null : header, trailer);
    }
}
