package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/** The size of a header list as HTTP/2 counts it for SETTINGS_MAX_HEADER_LIST_SIZE. */
public final class HeaderListSize {
    static final int PER_HEADER = 32;

    private HeaderListSize() {}

    /** The size of {@code headers}: names and values in bytes, and 32 for each pair. */
    public static long of(Http2Headers headers) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            size += (long) header.getKey().length() + header.getValue().length() + PER_HEADER;
        }
        return size;
    }

    /** The header that takes most of a list that is too large, for an error to name; only the name is shown. */
    static String largest(Http2Headers headers) {
        CharSequence largest = "";
        int most = -1;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            int bytes = header.getKey().length() + header.getValue().length();
            if (bytes > most) {
                most = bytes;
                largest = header.getKey();
            }
        }
        return "'" + HeaderText.shown(largest) + "' of " + most + " bytes the largest";
    }
}
