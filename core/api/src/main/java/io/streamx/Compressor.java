package io.streamx;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A way to make messages smaller on their way. gRPC alone carries compressed messages; {@code gzip} is built in. Others
 * are found by {@link java.util.ServiceLoader} under this type, or given to the options of client and server.
 *
 * <p>A compressor is used by many threads of callers and handlers at once, for each message with streams of its own.
 * The framework closes the streams that a compressor returns, also after a failure.
 */
public interface Compressor {
    /**
     * The name that peers know the compressor by: lower-case letters, digits, {@code -}, {@code _} and {@code .}; not
     * "identity".
     */
    String name();

    /**
     * Compresses what is written to the returned stream into {@code compressed}. Closing the returned stream completes
     * the message, and may close {@code compressed}.
     */
    OutputStream compress(OutputStream compressed) throws IOException;

    /**
     * The message that {@code compressed} holds, whose end is the end of the message. The framework reads as much as a
     * message may be long, however much more would come.
     *
     * @throws IOException when the bytes are not what {@link #compress} writes; the returned stream may throw it too,
     *     while it is read
     */
    InputStream decompress(InputStream compressed) throws IOException;
}
