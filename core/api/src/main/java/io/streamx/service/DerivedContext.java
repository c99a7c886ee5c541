package io.streamx.service;

import io.streamx.AttributeKey;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.ContextCancelledException;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A context that says what its parent says and can be cancelled by itself. */
public final class DerivedContext implements CancellableContext {
    private final CallContext parent;
    private final Cancellation cancellation = new Cancellation();
    private final Registration followingParent;

    /** A child of {@code parent}; for {@link CallContext#cancellable()}. */
    public DerivedContext(CallContext parent) {
        this.parent = parent;
        followingParent = parent.onCancel(() -> {
            RpcException reason = parent.cancellation();
            if (reason != null) {
                cancellation.cancel(reason);
            }
        });
    }

    @Override
    public void cancel(String reason) {
        cancellation.cancel(new ContextCancelledException(reason));
    }

    @Override
    public <T> T call(Callable<T> task) throws Exception {
        try (ContextStorage.Scope scope = ContextStorage.attach(this)) {
            return task.call();
        }
    }

    @Override
    public void close() {
        followingParent.close();
        cancel("context was closed");
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
    public Registration onCancel(Runnable listener) {
        return cancellation.onCancel(listener);
    }

    @Override
    public Registration onDraining(Runnable listener) {
        return parent.onDraining(listener);
    }

    @Override
    public void sendBackward(String key, String value) {
        parent.sendBackward(key, value);
    }

    @Override
    public Metadata metadata() {
        return parent.metadata();
    }

    @Override
    public void setHeader(Metadata entries) {
        parent.setHeader(entries);
    }

    @Override
    public void sendHeader(Metadata entries) {
        parent.sendHeader(entries);
    }

    @Override
    public void setTrailer(Metadata entries) {
        parent.setTrailer(entries);
    }

    @Override
    public void setCompression(String compressor) {
        parent.setCompression(compressor);
    }

    @Override
    public boolean isRequestCompressed() {
        return parent.isRequestCompressed();
    }

    @Override
    public @Nullable String persistent(String key) {
        return parent.persistent(key);
    }

    @Override
    public @Nullable String transientValue(String key) {
        return parent.transientValue(key);
    }

    @Override
    public Map<String, String> persistents() {
        return parent.persistents();
    }

    @Override
    public Map<String, String> transients() {
        return parent.transients();
    }

    @Override
    public @Nullable Duration remaining() {
        return parent.remaining();
    }

    @Override
    public String service() {
        return parent.service();
    }

    @Override
    public String method() {
        return parent.method();
    }

    @Override
    public StreamingMode mode() {
        return parent.mode();
    }

    @Override
    public String from() {
        return parent.from();
    }

    @Override
    public String to() {
        return parent.to();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return parent.remoteAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return parent.peerCertificates();
    }

    @Override
    public @Nullable SSLSession tlsSession() {
        return parent.tlsSession();
    }

    @Override
    public Instant startedAt() {
        return parent.startedAt();
    }

    @Override
    public @Nullable Transport transport() {
        return parent.transport();
    }

    @Override
    public @Nullable PingPong carrier() {
        return parent.carrier();
    }

    @Override
    public String protocol() {
        return parent.protocol();
    }

    @Override
    public boolean isListed() {
        return parent.isListed();
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key) {
        return parent.attribute(key);
    }

    @Override
    public <T> void setAttribute(AttributeKey<T> key, @Nullable T value) {
        parent.setAttribute(key, value);
    }
}
