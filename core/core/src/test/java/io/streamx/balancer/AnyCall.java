package io.streamx.balancer;

import io.streamx.StreamingMode;
import io.streamx.middleware.ClientCall;
import io.streamx.service.CallOptions;
import java.net.SocketAddress;
import java.time.Instant;

/** A call that balancers are asked for. */
record AnyCall() implements ClientCall {
    @Override
    public CallOptions options() {
        return CallOptions.NONE;
    }

    @Override
    public ClientCall withOptions(CallOptions options) {
        return this;
    }

    @Override
    public String service() {
        return "Service";
    }

    @Override
    public String method() {
        return "Method";
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
        return "a.b.c";
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public Instant startedAt() {
        return Instant.EPOCH;
    }

    @Override
    public ClientCall withAttempt(int attempt) {
        return this;
    }
}
