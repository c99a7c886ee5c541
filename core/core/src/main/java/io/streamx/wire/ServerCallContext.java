package io.streamx.wire;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.service.CallAttributes;
import io.streamx.service.Cancellation;
import io.streamx.tls.PeerCertificates;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The context of a call that a server runs. Safe on any thread. */
public final class ServerCallContext extends CallAttributes implements CallContext {
    private final String service;
    private final String method;
    private final StreamingMode mode;
    private final String from;
    private final EventLoop loop;
    private final TimeSource time;
    private final @Nullable SocketAddress remoteAddress;
    private final List<X509Certificate> peerCertificates;
    private final @Nullable SSLSession tlsSession;
    private final Map<String, String> persistents;
    private final Map<String, String> transients;
    private @Nullable Long deadlineNanos;
    private final Instant startedAt = Instant.now();

    private final Cancellation cancellation = new Cancellation();
    private volatile @Nullable Draining draining;
    private @Nullable Transport transport = Transport.TTHEADER;
    private @Nullable PingPong carrier;
    private @Nullable String door;
    private boolean listed = true;
    private volatile int replyBytes = -1;
    private volatile @Nullable Throwable replyFailure;
    private volatile @Nullable Throwable handlerFailure;
    private volatile @Nullable Throwable decodingFailure;
    private @Nullable BidiStreamingServer<?, ?> stream;
    private @Nullable Consumer<String> compression;
    private @Nullable ReplyEntries replyEntries;
    private boolean requestCompressed;
    private Supplier<Metadata> metadataSource = () -> Metadata.EMPTY;
    private volatile @Nullable Metadata metadata;
    /** What goes back beside the result of a unary call. Guarded by {@code this}. */
    private Map<String, String> backward = Map.of();

    /**
     * A context. {@code channel} is what the call came on; {@code timeout} is what the caller allows, from now on, and
     * null when the caller sets no limit.
     */
    public ServerCallContext(
            String service,
            String method,
            StreamingMode mode,
            String from,
            Channel channel,
            Map<String, String> persistents,
            Map<String, String> transients,
            @Nullable Duration timeout) {
        this.service = service;
        this.method = method;
        this.mode = mode;
        this.from = from;
        this.loop = channel.eventLoop();
        this.time = TimeSource.of(channel);
        this.remoteAddress = channel.remoteAddress();
        this.peerCertificates = PeerCertificates.of(channel);
        this.tlsSession = PeerCertificates.session(channel);
        this.persistents = persistents;
        this.transients = transients;
        this.deadlineNanos = timeout == null ? null : time.nanoTime() + TimeLimit.nanos(timeout);
    }

    /** By which time the limits of the call are measured. */
    public TimeSource time() {
        return time;
    }

    /** The event loop of the connection that the call came on. */
    public EventLoop loop() {
        return loop;
    }

    /**
     * Says what the call travels on, before its handler runs. A call travels on {@link Transport#TTHEADER} when nothing
     * is said.
     *
     * @param unaryCarrier what carries a unary call that does not travel on gRPC; null for others
     */
    public void travelsOn(Transport used, @Nullable PingPong unaryCarrier) {
        transport = used;
        carrier = unaryCarrier;
    }

    /** Says, before the handler runs, that the call came through a door that is none of the transports, and its name. */
    public void cameThrough(String protocol) {
        transport = null;
        door = protocol;
    }

    /**
     * Says, before the handler runs, that the names of service and method are the caller's own, and that no service
     * lists them.
     */
    public void namedByCaller() {
        listed = false;
    }

    @Override
    public @Nullable Transport transport() {
        return transport;
    }

    @Override
    public @Nullable PingPong carrier() {
        return carrier;
    }

    @Override
    public String protocol() {
        String known = door;
        return known == null ? CallContext.super.protocol() : known;
    }

    @Override
    public boolean isListed() {
        return listed;
    }

    /**
     * Says what was sent back for this unary call.
     *
     * @param payloadBytes the size of the encoded result or exception; -1 for nothing
     * @param failure why the reply is not the outcome of the handler; null when it is
     */
    public void replied(int payloadBytes, @Nullable Throwable failure) {
        replyBytes = payloadBytes;
        replyFailure = failure;
    }

    /** The size of the reply that was sent; -1 when there was none. */
    public int replyBytes() {
        return replyBytes;
    }

    /** Why the reply is not what the handler returned; null when it is. */
    public @Nullable Throwable replyFailure() {
        return replyFailure;
    }

    /** Cancels the call for everybody who follows it. The first reason stays; listeners run on this thread. */
    public void cancel(RpcException reason) {
        reason.markAsEndOfServerCall();
        cancellation.cancel(reason);
    }

    @Override
    public Registration onCancel(Runnable listener) {
        return cancellation.onCancel(listener);
    }

    /** Says, before the handler runs, who knows whether the server is leaving. */
    public void drainingOf(Draining server) {
        draining = server;
    }

    @Override
    public Registration onDraining(Runnable listener) {
        Draining server = draining;
        return server == null ? () -> {} : server.onBeginDuring(this, listener);
    }

    @Override
    public void sendBackward(String key, String value) {
        if (mode != StreamingMode.UNARY) {
            throw new IllegalStateException("backward metainfo '" + key + "' in the stream " + service + "." + method
                    + " (expected: a unary call; a stream has header and trailer)");
        }
        if (key.isEmpty() || value.isEmpty()) {
            throw new IllegalArgumentException(
                    "backward metainfo '" + key + "' = '" + value + "' (expected: key and value not empty)");
        }
        synchronized (this) {
            if (backward.isEmpty()) {
                backward = new LinkedHashMap<>();
            }
            backward.put(key, value);
        }
    }

    /** What the handler of a unary call sends back beside its result. */
    public synchronized Map<String, String> backward() {
        return Map.copyOf(backward);
    }

    /** Says where the header and trailer of a unary call are collected, or refused. */
    public void replyEntries(ReplyEntries entries) {
        replyEntries = entries;
    }

    /** Says, before the handler runs, where the metadata of the caller is read when somebody asks for it. */
    public void metadataIn(Supplier<Metadata> source) {
        metadataSource = source;
    }

    @Override
    public Metadata metadata() {
        Metadata read = metadata;
        if (read == null) {
            read = metadataSource.get();
            metadata = read;
        }
        return read;
    }

    @Override
    public void setHeader(Metadata entries) {
        replyEntries("header", "setHeader").addToHeader(service + "." + method, entries);
    }

    @Override
    public void sendHeader(Metadata entries) {
        replyEntries("header", "sendHeader").sendHeader(service + "." + method, entries);
    }

    @Override
    public void setTrailer(Metadata entries) {
        replyEntries("trailer", "setTrailer").addToTrailer(service + "." + method, entries);
    }

    private ReplyEntries replyEntries(String what, String onStream) {
        ReplyEntries entries = replyEntries;
        if (entries == null) {
            throw new IllegalStateException(what + " of the stream " + service + "." + method
                    + " set on its context (expected: " + onStream + " of the stream itself)");
        }
        return entries;
    }

    /**
     * Says who is told what the handler chooses to compress with; nobody is told where the carrier does not compress.
     */
    public void compressedBy(Consumer<String> carrier) {
        compression = carrier;
    }

    @Override
    public void setCompression(String compressor) {
        Consumer<String> carrier = compression;
        if (carrier != null) {
            carrier.accept(compressor);
        }
    }

    /** Says, before the handler runs, that the request of this unary call came compressed. */
    public void requestCameCompressed() {
        requestCompressed = true;
    }

    @Override
    public boolean isRequestCompressed() {
        BidiStreamingServer<?, ?> carrier = stream;
        return carrier == null ? requestCompressed : carrier.isLastReceivedCompressed();
    }

    /** Says which stream carries the call, and how long its server lets it take from {@code beganNanos} on. */
    public void carriedBy(BidiStreamingServer<?, ?> carrier, @Nullable Duration limit, long beganNanos) {
        stream = carrier;
        if (limit != null) {
            long end = beganNanos + TimeLimit.nanos(limit);
            Long deadline = deadlineNanos;
            deadlineNanos = deadline == null || end - deadline < 0 ? end : deadline;
        }
    }

    /**
     * The stream that carries the call.
     *
     * @throws IllegalStateException for a unary call
     */
    public BidiStreamingServer<?, ?> stream() {
        if (stream == null) {
            throw new IllegalStateException(service + "." + method + " is not a stream");
        }
        return stream;
    }

    /** Remembers what the handler itself failed with, to tell it from what a middleware throws. */
    public void handlerFailed(Throwable failure) {
        handlerFailure = failure;
    }

    /** Whether the handler itself threw {@code failure}. */
    @SuppressWarnings("ReferenceEquality") // the very object, not one like it
    public boolean isHandlerFailure(Throwable failure) {
        return failure == handlerFailure;
    }

    /** Remembers why a request could not be decoded, to tell it from what a handler throws of its own. */
    public void decodingFailed(Throwable failure) {
        decodingFailure = failure;
    }

    /** Whether {@code failure} is why a request could not be decoded; of several such requests the last counts. */
    @SuppressWarnings("ReferenceEquality") // the very object, not one like it
    public boolean isDecodingFailure(Throwable failure) {
        return failure == decodingFailure;
    }

    @Override
    public @Nullable Duration remaining() {
        Long deadline = deadlineNanos;
        return deadline == null ? null : Duration.ofNanos(Math.max(0, deadline - time.nanoTime()));
    }

    @Override
    public boolean isCancelled() {
        return cancellation.reason() != null;
    }

    @Override
    public @Nullable RpcException cancellation() {
        return cancellation.reason();
    }

    @Override
    public @Nullable String persistent(String key) {
        return persistents.get(key);
    }

    @Override
    public @Nullable String transientValue(String key) {
        return transients.get(key);
    }

    @Override
    public Map<String, String> persistents() {
        return persistents;
    }

    @Override
    public Map<String, String> transients() {
        return transients;
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public StreamingMode mode() {
        return mode;
    }

    @Override
    public String from() {
        return from;
    }

    @Override
    public String to() {
        return service;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }

    @Override
    public @Nullable SSLSession tlsSession() {
        return tlsSession;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }
}
