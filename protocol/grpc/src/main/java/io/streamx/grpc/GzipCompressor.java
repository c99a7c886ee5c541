package io.streamx.grpc;

import io.streamx.Compressor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The compressor that every gRPC peer knows. */
final class GzipCompressor implements Compressor {
    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public OutputStream compress(OutputStream compressed) throws IOException {
        return new GZIPOutputStream(compressed);
    }

    @Override
    public InputStream decompress(InputStream compressed) throws IOException {
        return new GZIPInputStream(compressed);
    }
}
