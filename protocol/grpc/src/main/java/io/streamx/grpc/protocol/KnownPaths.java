package io.streamx.grpc.protocol;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The paths that the requests of one connection named last: one that comes again, as most do, is not read again. For one
 * thread.
 */
public final class KnownPaths {
    private static final int PATHS = 16;
    /** Longer paths are not kept, so that a peer cannot fill memory with them. */
    private static final int MAX_LENGTH = 256;

    private record Known(AsciiString text, GrpcPath path) {}

    private final @Nullable Known[] known = new Known[PATHS];

    /** What {@code text} names, as {@link GrpcPath#parse} reads it. */
    GrpcPath parse(CharSequence text) {
        if (!(text instanceof AsciiString ascii) || ascii.length() > MAX_LENGTH) {
            return GrpcPath.parse(HeaderText.text(text));
        }
        int place = ascii.hashCode() & (PATHS - 1);
        Known before = known[place];
        if (before != null && before.text.equals(ascii)) {
            return before.path;
        }
        GrpcPath read = GrpcPath.parse(HeaderText.text(ascii));
        known[place] = new Known(ascii, read);
        return read;
    }
}
