package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.streamx.Metadata;
import io.streamx.service.PayloadFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request say.
 *
 * @param service the service without its package
 * @param method the method
 * @param grpcPackage the package of the service; empty for none
 * @param contentType what the messages are, and what the answer's content type is to be
 * @param timeout the time that the caller allows, zero when it has run out; null for no limit
 * @param persistents metainfo for the whole chain of calls
 * @param transients metainfo for this hop
 * @param entries the user's metadata to send; empty in a head that was received, whose metadata is read when it is asked
 *     for
 * @param encoding what compressed messages are compressed with; {@code identity} for no compression
 * @param acceptEncodings what the caller can decompress, in the caller's own words; empty when the caller did not say
 * @param source the calling service; empty when the wire does not tell
 */
public record RequestHead(
        String service,
        String method,
        String grpcPackage,
        ContentType contentType,
        @Nullable Duration timeout,
        Map<String, String> persistents,
        Map<String, String> transients,
        Metadata entries,
        String encoding,
        List<String> acceptEncodings,
        String source) {
    /** No compression. */
    public static final String IDENTITY = "identity";

    static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString USER_AGENT = AsciiString.cached("streamx-java");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");

    /** A head to send for a call that compresses nothing. */
    public static RequestHead of(
            GrpcPath path,
            PayloadFormat format,
            @Nullable Duration timeout,
            Map<String, String> persistents,
            Map<String, String> transients,
            Metadata entries,
            String source) {
        return new RequestHead(
                path.service(),
                path.method(),
                path.grpcPackage(),
                ContentType.of(format),
                timeout,
                persistents,
                transients,
                entries,
                IDENTITY,
                List.of(),
                source);
    }

    /**
     * This head for a call that may compress. It says what messages are compressed with, and what the caller
     * understands.
     */
    public RequestHead withCompression(String sentWith, List<String> accepted) {
        return new RequestHead(
                service,
                method,
                grpcPackage,
                contentType,
                timeout,
                persistents,
                transients,
                entries,
                sentWith,
                accepted,
                source);
    }

    /**
     * Reads the head of a request.
     *
     * @throws MalformedRequestException when the head starts no call, saying how to answer
     */
    public static RequestHead parse(Http2Headers headers) throws MalformedRequestException {
        return parse(headers, new KnownPaths());
    }

    /** Reads the head of a request as {@link #parse(Http2Headers)} does; {@code paths} are those of its connection. */
    public static RequestHead parse(Http2Headers headers, KnownPaths paths) throws MalformedRequestException {
        return new RequestHeadReader(paths).read(headers);
    }

    /**
     * The headers to send, in Kitex' order.
     *
     * @param scheme {@code http} or {@code https}
     * @param authority the called service's name, or the host
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public Http2Headers toHeaders(String scheme, String authority) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method(POST)
                .scheme(scheme)
                .path(HeaderText.value(path().value()))
                .authority(HeaderText.value(authority))
                .add(HeaderNames.CONTENT_TYPE, HeaderText.value(contentType.value()))
                .add(HeaderNames.USER_AGENT, USER_AGENT)
                .add(HeaderNames.TE, TRAILERS);
        if (!encoding.equals(IDENTITY)) {
            headers.add(HeaderNames.ENCODING, encoding);
        }
        if (!acceptEncodings.isEmpty()) {
            headers.add(HeaderNames.ACCEPT_ENCODING, String.join(",", acceptEncodings));
        }
        if (timeout != null) {
            headers.add(HeaderNames.TIMEOUT, GrpcTimeout.value(timeout));
        }
        GrpcMetainfo.addTo(headers, persistents, transients, format());
        if (!source.isEmpty()) {
            MetadataHeaders.add(headers, "calling service", source, HeaderNames.SOURCE.toString(), source, format());
        }
        MetadataHeaders.addTo(headers, entries, format());
        return headers;
    }

    /** What the path names. */
    public GrpcPath path() {
        return new GrpcPath(grpcPackage, service, method);
    }

    /** What the messages are written in. */
    public PayloadFormat format() {
        return contentType.format();
    }

    /** Service and method for texts: {@code Service.Method}. */
    public String fullMethod() {
        return service + '.' + method;
    }
}
