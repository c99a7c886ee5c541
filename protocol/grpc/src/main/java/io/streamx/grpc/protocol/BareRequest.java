package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of those requests for one method that say who calls what, and beside that at most how long the call may
 * take. Most requests are such, and making a header list for each costs more than sending it. Safe from any thread.
 */
public final class BareRequest {
    private final AsciiString path;
    private final AsciiString scheme;
    private final AsciiString authority;
    /** Names and values in turn, but for those of the pseudo headers. */
    private final AsciiString[] others;

    private final Http2Headers withoutTimeout;
    private final long bytes;

    private BareRequest(Http2Headers headers) {
        path = AsciiString.of(headers.path());
        scheme = AsciiString.of(headers.scheme());
        authority = AsciiString.of(headers.authority());
        List<AsciiString> namesAndValues = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(header.getKey())) {
                namesAndValues.add(AsciiString.of(header.getKey()));
                namesAndValues.add(AsciiString.of(header.getValue()));
            }
        }
        others = namesAndValues.toArray(new AsciiString[0]);
        withoutTimeout = with(others);
        bytes = HeaderListSize.of(withoutTimeout);
    }

    /**
     * The headers of requests like {@code head}, which has no timeout.
     *
     * @param scheme {@code http} or {@code https}
     * @param authority the called service's name, or the host
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static BareRequest of(RequestHead head, String scheme, String authority) {
        return new BareRequest(head.toHeaders(scheme, authority));
    }

    /** Whether the requests go to {@code name}. */
    public boolean isTo(String name) {
        return authority.contentEquals(name);
    }

    /** The headers of one request, which nobody is to change; {@code timeout} is what the caller allows, null for no limit. */
    public Http2Headers headers(@Nullable Duration timeout) {
        if (timeout == null) {
            return withoutTimeout;
        }
        AsciiString[] all = new AsciiString[others.length + 2];
        System.arraycopy(others, 0, all, 0, others.length);
        all[others.length] = HeaderNames.TIMEOUT;
        all[others.length + 1] = AsciiString.of(GrpcTimeout.value(timeout));
        return with(all);
    }

    private Http2Headers with(AsciiString[] namesAndValues) {
        return ReadOnlyHttp2Headers.clientHeaders(false, RequestHead.POST, path, scheme, authority, namesAndValues);
    }

    /** The size of the header list, with as long a timeout as there is. */
    public long bytes() {
        return bytes + HeaderListSize.PER_HEADER + HeaderNames.TIMEOUT.length() + GrpcTimeout.MAX_CHARS;
    }
}
