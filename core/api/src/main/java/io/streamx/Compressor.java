package io.streamx;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A way to make messages smaller on their way. gRPC carries them; {@code gzip} is built in. Others are found by
 * {@link java.util.ServiceLoader} under this type, or given to the options of client and server.
 *
 * <p>Used by many threads at once, each message with streams of its own, on the threads of callers and handlers. What is
 * returned is closed by the framework, also after a failure.
 */
public interface Compressor {
    /** The name peers know it by: lower-case letters, digits, {@code -}, {@code _} and {@code .}; not "identity". */
    String name();

    /**
     * Compresses what is written to the returned stream into {@code compressed}. Closing the one completes the message,
     * and may close the other.
     */
    OutputStream compress(OutputStream compressed) throws IOException;

    /**
     * The message that {@code compressed} holds, whose end is the end of the message. The framework reads as much as a
     * message may be long, however much more would come.
     *
     * @throws IOException also while it is read, when the bytes are not what {@link #compress} writes
     */
    InputStream decompress(InputStream compressed) throws IOException;
}
