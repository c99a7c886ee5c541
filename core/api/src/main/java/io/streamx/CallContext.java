package io.streamx;

import io.streamx.service.ContextStorage;
import io.streamx.service.DerivedContext;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a handler knows of the call it serves. Calls made on a thread that carries the context inherit its persistent
 * metainfo, its remaining time and its cancellation. A context is immutable but for its attributes,
 * {@link #isCancelled} and, in a stream, {@link #isRequestCompressed}. Any thread may use it.
 *
 * <pre>{@code
 * public Response pingPong(Request req) {
 *     CallContext call = CallContext.current();
 *     String user = call.persistent("USER"); // goes on with every call made in here
 *     String shard = call.transientValue("SHARD"); // ends here
 *     call.sendBackward("SERVED_BY", "node-7"); // unary calls on TTHeader
 *     return new Response(user + " " + shard);
 * }
 * }</pre>
 */
public interface CallContext extends CallInfo {
    /** Where a server keeps the {@link #principal} of a call. */
    AttributeKey<Principal> PRINCIPAL = AttributeKey.named("principal");

    /** The context that this thread carries; outside a handler it is an empty one that is never cancelled. */
    static CallContext current() {
        return ContextStorage.current();
    }

    /** A persistent value, received from the caller and passed on by every call in the chain; null when absent. */
    @Nullable
    String persistent(String key);

    /** A transient value, meant for this hop alone; null when absent. */
    @Nullable
    String transientValue(String key);

    /** All persistent values. */
    Map<String, String> persistents();

    /** All transient values received. */
    Map<String, String> transients();

    /**
     * The entries that the caller gave this one call, in order and with all values of each name: on gRPC the headers of
     * its request but for the protocol's own, with {@code :authority}, {@code user-agent} and {@code content-type}; on
     * a TTHeader stream the text entries of its Header frame. They are empty on the carriers of unary calls that have
     * no room for such entries.
     */
    default Metadata metadata() {
        return Metadata.EMPTY;
    }

    /**
     * Who called, as proven in the TLS handshake: the chain of certificates, the caller's own first. The list is empty
     * without TLS, and where the server asks for no certificate or the caller has none.
     */
    default List<X509Certificate> peerCertificates() {
        return List.of();
    }

    /**
     * The TLS session of the connection that the call came on; null without TLS. It is not to be changed or invalidated.
     */
    default @Nullable SSLSession tlsSession() {
        return null;
    }

    /**
     * Who makes the call, as the server's {@link io.streamx.auth.Authenticator} has found out; null where the server has none,
     * and outside a handler.
     */
    default @Nullable Principal principal() {
        return attribute(PRINCIPAL);
    }

    /**
     * Sends a value back with the reply of this unary call, whatever its outcome. The reply carries it on TTHeader and
     * drops it on every other carrier; on gRPC {@link #setHeader} and {@link #setTrailer} serve instead, and in a
     * stream the methods of the stream.
     *
     * @throws IllegalStateException when the context is that of no unary call
     * @throws IllegalArgumentException when key or value are empty
     */
    default void sendBackward(String key, String value) {
        throw new IllegalStateException(
                "backward metainfo '" + key + "' outside the handler of a unary call (expected: within one)");
    }

    /**
     * Adds entries to the header of this unary call, which goes out before the reply, whatever the outcome. They
     * replace entries of their names that were set before; a {@link Metadata} may have several values of a name. Only
     * gRPC has room for them; the handler of a stream sets the header of the stream instead. A value is printable ASCII
     * and comes without white space at its ends; values of names that end in {@code -bin} are bytes ({@link
     * BinaryValue}).
     *
     * @throws IllegalStateException when the context is that of no unary call, when its carrier has no header, when the
     *     header has been sent, or when the handler and its middleware have returned
     * @throws IllegalArgumentException when gRPC cannot send the entry
     */
    default void setHeader(Metadata entries) {
        throw new IllegalStateException("header outside the handler of a unary call (expected: within one)");
    }

    /** As the method that takes {@link Metadata}, with one value for each name. */
    default void setHeader(Map<String, String> entries) {
        setHeader(Metadata.of(entries));
    }

    /**
     * Adds entries to the header of this unary call as {@link #setHeader(Metadata)} does, and sends the header now,
     * before the reply is known. A header that is not sent goes out with the reply.
     *
     * @throws IllegalStateException as {@link #setHeader(Metadata)} does
     * @throws IllegalArgumentException when gRPC cannot send the entry
     */
    default void sendHeader(Metadata entries) {
        throw new IllegalStateException("header outside the handler of a unary call (expected: within one)");
    }

    /** As the method that takes {@link Metadata}, with one value for each name. */
    default void sendHeader(Map<String, String> entries) {
        sendHeader(Metadata.of(entries));
    }

    /**
     * Adds entries to the trailer of this unary call, which goes out after the reply or with the error. All else is as
     * with {@link #setHeader(Metadata)}.
     *
     * @throws IllegalStateException as {@link #setHeader(Metadata)} does, but not for a header that has been sent
     * @throws IllegalArgumentException when gRPC cannot send the entry
     */
    default void setTrailer(Metadata entries) {
        throw new IllegalStateException("trailer outside the handler of a unary call (expected: within one)");
    }

    /** As the method that takes {@link Metadata}, with one value for each name. */
    default void setTrailer(Map<String, String> entries) {
        setTrailer(Metadata.of(entries));
    }

    /**
     * Chooses what the messages of the handler are compressed with, where the carrier can compress and the caller has
     * said that it understands the compressor. Otherwise the messages go as they are. When nothing is chosen they are
     * compressed with what the caller compresses with.
     *
     * @param compressor the name of a {@link Compressor}, such as "gzip"; "identity" for no compression
     * @throws IllegalStateException outside a handler, or when its first message or its header has been sent
     * @throws IllegalArgumentException when the carrier compresses and knows no such name
     */
    default void setCompression(String compressor) {
        throw new IllegalStateException("compression '" + compressor + "' outside a handler (expected: within one)");
    }

    /**
     * Whether the request of this unary call came compressed. In the handler of a stream it is about the message
     * received last, as {@link MessageStream#isLastReceivedCompressed} is. The answer is false outside a handler and on
     * carriers that do not compress.
     */
    default boolean isRequestCompressed() {
        return false;
    }

    /**
     * The time left until the caller's deadline or the server's own limit for a stream. It is never negative; null when
     * there is no such limit.
     */
    @Nullable
    Duration remaining();

    /** Whether the call was cancelled: by its caller, by a lost connection, or because its handler has returned. */
    boolean isCancelled();

    /** Why the call was cancelled; null while it is not. */
    @Nullable
    RpcException cancellation();

    /**
     * Runs {@code listener} once when the call is cancelled, or at once when that has happened already. The listener
     * may run on an event loop and must not block.
     *
     * @return a handle that forgets the listener
     */
    Registration onCancel(Runnable listener);

    /**
     * Runs {@code listener} once when the server that runs this call begins to leave, which is when its {@code close}
     * is called or its process is told to end. From then on a long stream has the server's shutdown window to say so to
     * its caller and end. The listener runs at once when the server is leaving already, and never outside a handler.
     * The listener runs on a virtual thread of its own and may block.
     *
     * @return a handle that forgets the listener; a call that ends forgets its listeners
     */
    default Registration onDraining(Runnable listener) {
        return () -> {};
    }

    /**
     * A context like this one that can be cancelled by itself, for calls that are to end together. Whoever makes it
     * closes it.
     */
    default CancellableContext cancellable() {
        return new DerivedContext(this);
    }

    /** A task that runs {@code task} with this context, on whatever thread it is run. */
    default Runnable wrap(Runnable task) {
        return () -> {
            try (ContextStorage.Scope scope = ContextStorage.attachAll(this)) {
                task.run();
            }
        };
    }

    /** Forgets a listener; repeating it does nothing. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
