package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;

/**
 * Reads header blocks. Netty checks names and pseudo headers. This class checks values, because Netty refuses values
 * that peers of gRPC send: those that begin with a space, as Kitex' message of a failure without text does. HTTP has no
 * white space at the ends of a value, and gRPC lets receivers strip it.
 *
 * <p>Source: RFC 9110 section 5.5, RFC 9113 section 8.2.1.
 */
final class HeaderBlocks extends DefaultHttp2HeadersDecoder {
    private static final boolean CHECK_NAMES = true;
    private static final boolean CHECK_VALUES = false;

    HeaderBlocks(long maxHeaderListBytes) {
        super(CHECK_NAMES, CHECK_VALUES, maxHeaderListBytes);
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf headerBlock) throws Http2Exception {
        Http2Headers headers = super.decodeHeaders(streamId, headerBlock);
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            CharSequence value = header.getValue();
            int length = value.length();
            for (int i = 0; i < length; i++) {
                char c = value.charAt(i);
                if ((c < ' ' && c != '\t') || c == 0x7F) {
                    throw Http2Exception.streamError(
                            streamId,
                            Http2Error.PROTOCOL_ERROR,
                            "header '%s': character 0x%02x at %d of its value (expected: no control character)",
                            header.getKey(),
                            (int) c,
                            i);
                }
            }
            if (length > 0 && (isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)))) {
                header.setValue(stripped(value));
            }
        }
        return headers;
    }

    private static CharSequence stripped(CharSequence value) {
        int from = 0;
        int to = value.length();
        while (from < to && isSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        return from == to ? AsciiString.EMPTY_STRING : value.subSequence(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
