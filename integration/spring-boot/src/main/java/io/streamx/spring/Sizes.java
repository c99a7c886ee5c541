package io.streamx.spring;

import io.streamx.endpoint.EndpointBuilder;
import io.streamx.wire.Defaults;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Sizes of settings as the builders take them. */
final class Sizes {
    private Sizes() {}

    /**
     * The bytes of {@code size}.
     *
     * @throws IllegalArgumentException naming the setting, when they are more than an int holds
     */
    static int bytes(String setting, DataSize size) {
        long bytes = size.toBytes();
        if (bytes <= 0 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(setting + ": " + size + " (expected: more than 0 and less than 2GB)");
        }
        return (int) bytes;
    }

    /** Sets what may wait in memory; of two settings one may be missing, and then has its default. */
    static void buffers(
            String prefix, @Nullable DataSize ofStream, @Nullable DataSize ofConnection, EndpointBuilder<?> endpoint) {
        endpoint.buffers(
                ofStream == null ? Defaults.STREAM_BUFFER_BYTES : bytes(prefix + ".stream-buffer", ofStream),
                ofConnection == null
                        ? Defaults.CONNECTION_BUFFER_BYTES
                        : bytes(prefix + ".connection-buffer", ofConnection));
    }
}
