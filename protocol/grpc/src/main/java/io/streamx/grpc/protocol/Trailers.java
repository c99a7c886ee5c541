package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.service.PayloadFormat;
import io.streamx.wire.BizExtra;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The trailers of a response: how the call ended and what else its handler said. */
public final class Trailers {
    /**
     * The trailers of most calls that went well. They may be shared, since nobody changes headers that were given to
     * the encoder.
     */
    private static final Http2Headers SUCCESS = ReadOnlyHttp2Headers.trailers(
            false, HeaderNames.STATUS, AsciiString.cached("0"), HeaderNames.MESSAGE, AsciiString.EMPTY_STRING);

    private static final long SUCCESS_SIZE = HeaderListSize.of(SUCCESS);

    private Trailers() {}

    /**
     * The trailers to send, which nobody is to change. Trailers that do not fit lose the end of the message, then the
     * details of the status, and then everything but a status that says so, as far as that fits.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static Http2Headers of(Metadata entries, HandlerStatus status, HeaderListLimits limits) {
        return of(entries, status, limits, bytes -> {});
    }

    /** As the method without {@code whenTooLarge}, which is told the size of trailers that do not fit. */
    public static Http2Headers of(
            Metadata entries, HandlerStatus status, HeaderListLimits limits, LongConsumer whenTooLarge) {
        if (entries.isEmpty() && status.equals(HandlerStatus.OK) && limits.texts() >= SUCCESS_SIZE) {
            return SUCCESS;
        }
        return fitting(() -> new DefaultHttp2Headers(false), entries, status, limits, whenTooLarge);
    }

    /**
     * The head and trailers in one, for a response of which nothing was sent before. What does not fit is left out as
     * in {@link #of(Metadata, HandlerStatus, HeaderListLimits)}.
     */
    public static Http2Headers only(
            ContentType contentType, Metadata entries, HandlerStatus status, HeaderListLimits limits) {
        return only(contentType, entries, status, limits, bytes -> {});
    }

    /** As the method without {@code whenTooLarge}, which is told the size of trailers that do not fit. */
    public static Http2Headers only(
            ContentType contentType,
            Metadata entries,
            HandlerStatus status,
            HeaderListLimits limits,
            LongConsumer whenTooLarge) {
        return fitting(() -> ResponseHead.head(contentType), entries, status, limits, whenTooLarge);
    }

    /**
     * The answer to a caller that compresses with something the server does not know, with the list of compressors that
     * the server knows.
     */
    public static Http2Headers unknownEncoding(RequestHead head, List<String> known, Dialect dialect) {
        HandlerStatus status = HandlerStatus.unknownEncoding(head.encoding(), known, dialect);
        return only(head.contentType(), Metadata.EMPTY, status, HeaderListLimits.NONE)
                .add(HeaderNames.ACCEPT_ENCODING, String.join(",", known));
    }

    private static Http2Headers fitting(
            Supplier<Http2Headers> head,
            Metadata entries,
            HandlerStatus status,
            HeaderListLimits limits,
            LongConsumer whenTooLarge) {
        Http2Headers headers = write(head.get(), entries, status);
        long size = limits.equals(HeaderListLimits.NONE) ? 0 : HeaderListSize.of(headers);
        long limit = status.details().isEmpty() ? limits.texts() : limits.details();
        if (size <= limit) {
            return headers;
        }
        HandlerStatus bare = status.withoutDetails();
        Http2Headers cut = withShorterMessage(head, entries, status, limit);
        cut = cut != null ? cut : withShorterMessage(head, entries, bare, limits.texts());
        cut = cut != null ? cut : withShorterMessage(head, entries, bare, limits.entries());
        if (cut != null) {
            if (HeaderListSize.of(cut) < size) {
                whenTooLarge.accept(size);
            }
            return cut;
        }
        whenTooLarge.accept(size);
        return insteadOfTooLarge(head, status, size, limits.entries());
    }

    /** The trailers with as much of the message as fits; null when they do not fit even without a message. */
    private static @Nullable Http2Headers withShorterMessage(
            Supplier<Http2Headers> head, Metadata entries, HandlerStatus status, long limit) {
        long room = limit - HeaderListSize.of(write(head.get(), entries, status.withMessage("")));
        if (room < 0) {
            return null;
        }
        String message = StatusMessage.beginningOf(
                status.message(),
                room,
                status.details().isEmpty() ? 0 : StatusDetailsEncoding.HEADER_BYTES_PER_3_BYTES);
        return write(head.get(), entries, status.withMessage(message));
    }

    /** As much as fits of a status that says why the call's own trailers are not there. */
    private static Http2Headers insteadOfTooLarge(
            Supplier<Http2Headers> head, HandlerStatus status, long size, long limit) {
        String message = "the trailers are of " + size + " bytes (expected: at most " + limit
                + ", as the caller announced); their message began with: " + HeaderText.shown(status.message());
        HandlerStatus instead = HandlerStatus.of(status.isOk() ? StatusCode.INTERNAL : status.code(), message);
        Http2Headers headers = withShorterMessage(head, Metadata.EMPTY, instead, limit);
        if (headers == null) {
            // The code alone says more than the reset that would follow from one byte too many.
            headers = write(head.get(), Metadata.EMPTY, instead);
            headers.remove(HeaderNames.MESSAGE);
        }
        return headers;
    }

    private static Http2Headers write(Http2Headers headers, Metadata entries, HandlerStatus status) {
        headers.add(HeaderNames.STATUS, Integer.toString(status.code()))
                .add(HeaderNames.MESSAGE, StatusMessage.encode(status.message()));
        BizStatusException business = status.business();
        if (business != null) {
            headers.add(HeaderNames.BIZ_STATUS, Integer.toString(business.code()));
            if (!business.extra().isEmpty()) {
                headers.add(HeaderNames.BIZ_EXTRA, BizExtra.writeAscii(business.extra()));
            }
        }
        if (!status.details().isEmpty()) {
            byte[] details = new StatusDetailsEncoding(status.code(), status.message(), status.details()).encode();
            headers.add(HeaderNames.DETAILS, MetadataHeaders.encodeBinary(details));
        }
        // Entries that the peer cannot take were refused when the handler set them.
        MetadataHeaders.addTo(headers, entries, PayloadFormat.THRIFT);
        return headers;
    }

    /**
     * How a call ended according to its trailers, or to the head that is its trailers too; null for success. This never
     * throws, because trailers that make no sense are an outcome as well.
     *
     * <p>Source: docs/protocol/grpc.md "5. Responses" and "8.3 Business errors at the client".
     */
    public static @Nullable RpcException outcome(Http2Headers trailers) {
        CharSequence message = last(trailers, HeaderNames.MESSAGE);
        StatusDetailsEncoding status = status(trailers, message == null ? "" : StatusMessage.decode(message));
        CharSequence details = last(trailers, HeaderNames.DETAILS);
        if (details != null) {
            try {
                status = detailed(status, details);
            } catch (IllegalArgumentException e) {
                return failure(
                        StatusCode.INTERNAL,
                        "malformed grpc-status-details-bin: " + e.getMessage() + "; with status "
                                + StatusCode.name(status.code()) + ": " + status.message());
            }
        }
        if (status.code() == StatusCode.OK) {
            return null;
        }
        StatusException failure = StatusException.outcome(status.code(), status.message(), status.details(), null);
        CharSequence business = trailers.get(HeaderNames.BIZ_STATUS);
        return business == null ? failure : business(business, trailers.get(HeaderNames.BIZ_EXTRA), failure);
    }

    /** Whether trailers say that the call ended well, and nothing else, as most do. */
    public static boolean isBareSuccess(Http2Headers trailers) {
        int size = trailers.size();
        if (size != 1 && size != 2) {
            return false;
        }
        CharSequence status = trailers.get(HeaderNames.STATUS);
        if (status == null || status.length() != 1 || status.charAt(0) != '0') {
            return false;
        }
        CharSequence message = size == 1 ? AsciiString.EMPTY_STRING : trailers.get(HeaderNames.MESSAGE);
        return message != null && message.isEmpty();
    }

    /**
     * The value that counts; null when there is none. A proxy may append a status of its own to that of the server, and other
     * clients of gRPC take the last.
     */
    private static @Nullable CharSequence last(Http2Headers trailers, CharSequence name) {
        CharSequence first = trailers.get(name);
        return first == null ? null : trailers.getAll(name).getLast();
    }

    private static StatusDetailsEncoding status(Http2Headers trailers, String message) {
        CharSequence value = last(trailers, HeaderNames.STATUS);
        if (value == null) {
            return new StatusDetailsEncoding(
                    StatusCode.UNKNOWN, message.isEmpty() ? "trailers without grpc-status" : message, List.of());
        }
        int code = code(value);
        if (code < 0) {
            return new StatusDetailsEncoding(
                    StatusCode.INTERNAL,
                    "malformed grpc-status: '" + HeaderText.shown(value) + "' (expected: a number of 0 to "
                            + Integer.MAX_VALUE + ")" + (message.isEmpty() ? "" : "; with message: " + message),
                    List.of());
        }
        return new StatusDetailsEncoding(code, message, List.of());
    }

    private static int code(CharSequence value) {
        if (value.length() == 1 && value.charAt(0) == '0') {
            return StatusCode.OK;
        }
        try {
            return Integer.parseInt(value, 0, value.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Reads the details. As with Kitex the status inside the details counts, unless it says nothing. */
    private static StatusDetailsEncoding detailed(StatusDetailsEncoding status, CharSequence value) {
        byte[] bytes = MetadataHeaders.decodeBinary(value);
        if (bytes == null) {
            throw new IllegalArgumentException("'" + HeaderText.shown(value) + "' (expected: base64)");
        }
        StatusDetailsEncoding inside = StatusDetailsEncoding.decode(bytes);
        return inside.code() > StatusCode.OK
                ? inside
                : new StatusDetailsEncoding(status.code(), status.message(), inside.details());
    }

    private static RpcException business(CharSequence value, @Nullable CharSequence extra, StatusException status) {
        int code;
        try {
            code = Integer.parseInt(value, 0, value.length(), 10);
        } catch (NumberFormatException e) {
            return failure(
                    StatusCode.INTERNAL,
                    "malformed biz-status: '" + HeaderText.shown(value) + "' (expected: a 32-bit number); with "
                            + status.getMessage());
        }
        Map<String, String> entries;
        try {
            entries = extra == null ? Map.of() : BizExtra.read(HeaderText.text(extra));
        } catch (RpcException e) {
            return failure(
                    StatusCode.INTERNAL, e.getMessage() + "; with biz-status " + code + ", " + status.getMessage());
        }
        return new BizStatusException(code, status.statusMessage(), entries, status);
    }

    private static StatusException failure(int code, String message) {
        return StatusException.outcome(code, message, List.of(), null);
    }

    /** The entries that the handler has set. */
    public static Metadata metadata(Http2Headers trailers) {
        return MetadataHeaders.of(trailers);
    }
}
