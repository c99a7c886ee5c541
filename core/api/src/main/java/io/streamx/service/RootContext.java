package io.streamx.service;

import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The context of a thread that serves no call: empty and never cancelled. */
final class RootContext implements CallContext {
    static final RootContext INSTANCE = new RootContext();

    private final Instant startedAt = Instant.now();

    private RootContext() {}

    @Override
    public String service() {
        return "";
    }

    @Override
    public String method() {
        return "";
    }

    @Override
    public StreamingMode mode() {
        return StreamingMode.UNARY;
    }

    @Override
    public String from() {
        return "";
    }

    @Override
    public String to() {
        return "";
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public @Nullable String persistent(String key) {
        return null;
    }

    @Override
    public @Nullable String transientValue(String key) {
        return null;
    }

    @Override
    public Map<String, String> persistents() {
        return Map.of();
    }

    @Override
    public Map<String, String> transients() {
        return Map.of();
    }

    @Override
    public @Nullable Duration remaining() {
        return null;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public @Nullable RpcException cancellation() {
        return null;
    }

    @Override
    public Registration onCancel(Runnable listener) {
        return () -> {};
    }
}
