package io.streamx.service;

import io.streamx.Metadata;
import io.streamx.RecvTimeout;
import io.streamx.auth.CallCredentials;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one view of a client adds to each call.
 *
 * @param recvTimeout limit of each recv; null for the client's own setting
 * @param timeout limit of the whole stream or call; null for the client's own setting
 * @param persistents metainfo for the whole chain of calls
 * @param transients metainfo for the next hop
 * @param backward is shown what comes back with the reply of each unary call; null for nobody
 * @param header is shown the header of each unary call on gRPC; null for nobody
 * @param trailer is shown the trailer of each unary call on gRPC; null for nobody
 * @param compression name of the {@link io.streamx.Compressor} for the messages sent, or "identity" for none; null for the
 *     client's own setting
 * @param metadata entries for the handler alone: headers of a request on gRPC, entries of the Header frame of a TTHeader
 *     stream; other calls have no room for them and are refused
 * @param credentials gives the call what proves its caller; null for that of the client
 */
public record CallOptions(
        @Nullable RecvTimeout recvTimeout,
        @Nullable Duration timeout,
        Map<String, String> persistents,
        Map<String, String> transients,
        @Nullable Consumer<Map<String, String>> backward,
        @Nullable Consumer<Metadata> header,
        @Nullable Consumer<Metadata> trailer,
        @Nullable String compression,
        Metadata metadata,
        @Nullable CallCredentials credentials) {
    /** Options that add nothing to a call. */
    public static final CallOptions NONE =
            new CallOptions(null, null, Map.of(), Map.of(), null, null, null, null, Metadata.EMPTY, null);

    /** Checks the metainfo and copies the maps. */
    public CallOptions {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
        if (compression != null && compression.isEmpty()) {
            throw new IllegalArgumentException("compression: '' (expected: the name of a compressor, or identity)");
        }
        persistents = Map.copyOf(persistents);
        transients = Map.copyOf(transients);
    }

    /** These options with another limit for each recv. */
    public CallOptions withRecvTimeout(RecvTimeout recvTimeout) {
        return with(draft -> draft.recvTimeout = recvTimeout);
    }

    /** These options with another limit for the whole call. */
    public CallOptions withTimeout(Duration timeout) {
        return with(draft -> draft.timeout = timeout);
    }

    /** These options with one more persistent value. */
    public CallOptions withPersistent(String key, String value) {
        return with(draft -> draft.persistents = plus(persistents, key, value));
    }

    /** These options with one more transient value. */
    public CallOptions withTransient(String key, String value) {
        return with(draft -> draft.transients = plus(transients, key, value));
    }

    /** These options with more transient values, in place of those of their keys. */
    public CallOptions withTransients(Map<String, String> more) {
        more.forEach(CallOptions::checkNotEmpty);
        if (transients.isEmpty()) {
            return with(draft -> draft.transients = more);
        }
        Map<String, String> all = new LinkedHashMap<>(transients);
        all.putAll(more);
        return with(draft -> draft.transients = all);
    }

    /** These options with someone to show what comes back with the reply of each unary call. */
    public CallOptions withBackward(Consumer<Map<String, String>> receiver) {
        return with(draft -> draft.backward = receiver);
    }

    /** These options with someone to show the header of each unary call on gRPC, the first value of each name. */
    public CallOptions withHeader(Consumer<Map<String, String>> receiver) {
        return withHeaderMetadata(received -> receiver.accept(received.firstValues()));
    }

    /** These options with someone to show the header of each unary call on gRPC, all values of each name. */
    public CallOptions withHeaderMetadata(Consumer<Metadata> receiver) {
        return with(draft -> draft.header = receiver);
    }

    /** These options with someone to show the trailer of each unary call on gRPC, the first value of each name. */
    public CallOptions withTrailer(Consumer<Map<String, String>> receiver) {
        return withTrailerMetadata(received -> receiver.accept(received.firstValues()));
    }

    /** These options with someone to show the trailer of each unary call on gRPC, all values of each name. */
    public CallOptions withTrailerMetadata(Consumer<Metadata> receiver) {
        return with(draft -> draft.trailer = receiver);
    }

    /** These options with another compression of the messages sent. */
    public CallOptions withCompression(String compressor) {
        return with(draft -> draft.compression = compressor);
    }

    /** These options with more entries for the handler, behind those that are there. */
    public CallOptions withMetadata(Metadata more) {
        return with(draft -> draft.metadata = metadata.plus(more));
    }

    /** These options with other credentials than the client's. */
    public CallOptions withCredentials(CallCredentials given) {
        return with(draft -> draft.credentials = Objects.requireNonNull(given, "credentials"));
    }

    /** These options without entries and transient metainfo of these names, whatever their capitals are. */
    public CallOptions without(Collection<String> names) {
        return with(draft -> {
            draft.metadata = metadata.without(names);
            Map<String, String> kept = new LinkedHashMap<>(transients);
            kept.keySet().removeIf(key -> names.stream().anyMatch(key::equalsIgnoreCase));
            draft.transients = kept;
        });
    }

    private CallOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The components of options that are made of others, of which one is changed. */
    private static final class Draft {
        private @Nullable RecvTimeout recvTimeout;
        private @Nullable Duration timeout;
        private Map<String, String> persistents;
        private Map<String, String> transients;
        private @Nullable Consumer<Map<String, String>> backward;
        private @Nullable Consumer<Metadata> header;
        private @Nullable Consumer<Metadata> trailer;
        private @Nullable String compression;
        private Metadata metadata;
        private @Nullable CallCredentials credentials;

        Draft(CallOptions from) {
            recvTimeout = from.recvTimeout;
            timeout = from.timeout;
            persistents = from.persistents;
            transients = from.transients;
            backward = from.backward;
            header = from.header;
            trailer = from.trailer;
            compression = from.compression;
            metadata = from.metadata;
            credentials = from.credentials;
        }

        CallOptions options() {
            return new CallOptions(
                    recvTimeout,
                    timeout,
                    persistents,
                    transients,
                    backward,
                    header,
                    trailer,
                    compression,
                    metadata,
                    credentials);
        }
    }

    /** The names of metainfo and metadata without their values, which may be secrets, and the settings. */
    @Override
    public String toString() {
        return "CallOptions[recvTimeout=" + recvTimeout + ", timeout=" + timeout + ", persistents="
                + persistents.keySet() + ", transients=" + transients.keySet() + ", metadata=" + metadata.names()
                + ", compression=" + compression + "]";
    }

    private static Map<String, String> plus(Map<String, String> entries, String key, String value) {
        checkNotEmpty(key, value);
        Map<String, String> copy = new LinkedHashMap<>(entries);
        copy.put(key, value);
        return copy;
    }

    private static void checkNotEmpty(String key, String value) {
        if (key.isEmpty() || value.isEmpty()) {
            throw new IllegalArgumentException(
                    "metainfo '" + key + "' = '" + value + "' (expected: key and value not empty)");
        }
    }
}
