package io.streamx.service;

import io.streamx.Metadata;
import io.streamx.RecvTimeout;
import io.streamx.auth.CallCredentials;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The base of generated clients: an immutable view of a channel with options. The {@code with} methods return further
 * views; all share the channel's connections.
 *
 * @param <S> the generated class
 */
public abstract class ServiceClient<S extends ServiceClient<S>> {
    private final Channel channel;
    private final CallOptions options;

    /** For generated classes. */
    protected ServiceClient(Channel channel, CallOptions options) {
        this.channel = channel;
        this.options = options;
    }

    /** The generated class with other options. */
    protected abstract S withOptions(Channel channel, CallOptions options);

    /** What calls go through. */
    protected final Channel channel() {
        return channel;
    }

    /** What each call is given. */
    protected final CallOptions options() {
        return options;
    }

    /** A view whose recvs wait for {@code timeout} at most, after which the stream ends. */
    public final S withRecvTimeout(Duration timeout) {
        return withRecvTimeout(RecvTimeout.of(timeout));
    }

    /** A view with a limit on each recv. */
    public final S withRecvTimeout(RecvTimeout timeout) {
        return withOptions(channel, options.withRecvTimeout(timeout));
    }

    /** A view with a limit on each whole stream or call. */
    public final S withTimeout(Duration timeout) {
        return withOptions(channel, options.withTimeout(timeout));
    }

    /**
     * A view that adds a persistent value, passed on along the whole chain of calls. Neither {@code key} nor {@code
     * value} may be empty.
     */
    public final S withPersistent(String key, String value) {
        return withOptions(channel, options.withPersistent(key, value));
    }

    /** A view that adds a transient value for the next hop. Neither {@code key} nor {@code value} may be empty. */
    public final S withTransient(String key, String value) {
        return withOptions(channel, options.withTransient(key, value));
    }

    /**
     * A view whose messages are compressed where the carrier can do that, which is on gRPC. The server may answer
     * compressed too.
     *
     * @param compressor the name of a {@link io.streamx.Compressor}, such as "gzip"; "identity" sends messages as they
     *     are and says what the server may compress with
     */
    public final S withCompression(String compressor) {
        return withOptions(channel, options.withCompression(compressor));
    }

    /**
     * A view that shows {@code receiver} what comes back with the reply of each unary call, on the caller's thread
     * before the call returns or throws what the handler threw: what the handler gave to {@link
     * io.streamx.CallContext#sendBackward}, and entries of the framework's own. Only TTHeader carries such values.
     */
    public final S withBackward(Consumer<Map<String, String>> receiver) {
        return withOptions(channel, options.withBackward(receiver));
    }

    /**
     * A view that gives the handler, and nobody behind the handler, one more entry with each call. On gRPC the entry is
     * a header of the request, and a name may be given several values by repeating this. On a TTHeader stream it is an
     * entry of the Header frame. The handler finds it in {@link io.streamx.CallContext#metadata}. A value is printable
     * ASCII; bytes and other texts travel on gRPC under names that end in {@code -bin} ({@link
     * io.streamx.BinaryValue}). A call whose carrier cannot carry the entry throws an {@link IllegalArgumentException}
     * that names it.
     */
    public final S withMetadata(String name, String value) {
        return withMetadata(Metadata.of(name, value));
    }

    /** A view that gives the handler more entries with each call, behind those that the view has already. */
    public final S withMetadata(Metadata entries) {
        return withOptions(channel, options.withMetadata(entries));
    }

    /** A view whose calls are given these credentials, in place of those of the client. */
    public final S withCredentials(CallCredentials credentials) {
        return withOptions(channel, options.withCredentials(credentials));
    }

    /**
     * A view that shows {@code receiver} the header of each unary call, on the caller's thread before the call returns
     * or throws: what the handler gave to {@link io.streamx.CallContext#setHeader}, or an empty map when nothing came.
     * Of a name with several values the receiver is shown the first. On carriers other than gRPC, which have no header,
     * the receiver is not called. Streams have {@link io.streamx.ClientStream#header}.
     */
    public final S withHeader(Consumer<Map<String, String>> receiver) {
        return withOptions(channel, options.withHeader(receiver));
    }

    /** A view like that of {@link #withHeader} whose receiver is shown all values of each name. */
    public final S withHeaderMetadata(Consumer<Metadata> receiver) {
        return withOptions(channel, options.withHeaderMetadata(receiver));
    }

    /**
     * A view that shows {@code receiver} the trailer of each unary call, also of one that failed: what the handler gave
     * to {@link io.streamx.CallContext#setTrailer}, or an empty map when nothing came. All else is as with {@link
     * #withHeader}.
     */
    public final S withTrailer(Consumer<Map<String, String>> receiver) {
        return withOptions(channel, options.withTrailer(receiver));
    }

    /** A view like that of {@link #withTrailer} whose receiver is shown all values of each name. */
    public final S withTrailerMetadata(Consumer<Metadata> receiver) {
        return withOptions(channel, options.withTrailerMetadata(receiver));
    }
}
