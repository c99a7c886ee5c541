package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/** The size of a header list as HTTP/2 counts it for SETTINGS_MAX_HEADER_LIST_SIZE. */
public final class HeaderListSize {
    private static final int PER_HEADER = 32;

    private HeaderListSize() {}

    /** Names and values in bytes, and 32 for each pair. */
    public static long of(Http2Headers headers) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            size += (long) header.getKey().length() + header.getValue().length() + PER_HEADER;
        }
        return size;
    }
}
