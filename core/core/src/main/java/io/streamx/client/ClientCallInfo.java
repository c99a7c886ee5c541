package io.streamx.client;

import io.streamx.PingPong;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.discovery.Instance;
import io.streamx.middleware.ClientCall;
import io.streamx.service.CallAttributes;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A call of a client on its way through the middleware. */
final class ClientCallInfo extends CallAttributes implements ClientCall {
    private final MethodDescriptor<?, ?> descriptor;
    private final @Nullable Object request;
    private final String from;
    private final String to;
    private final Transport transport;
    private final @Nullable PingPong carrier;
    private final CallOptions options;
    private final Instant startedAt;

    private volatile int attempt;
    private volatile @Nullable Instance instance;
    private volatile @Nullable SocketAddress remoteAddress;

    /**
     * A call that is made now.
     *
     * @param descriptor the method
     * @param request what is sent with the call, which unary calls and server streaming have; null for others
     * @param carrier what carries a unary call that does not travel on gRPC; null for others
     */
    ClientCallInfo(
            MethodDescriptor<?, ?> descriptor,
            @Nullable Object request,
            String from,
            String to,
            Transport transport,
            @Nullable PingPong carrier,
            CallOptions options) {
        this.descriptor = descriptor;
        this.request = request;
        this.from = from;
        this.to = to;
        this.transport = transport;
        this.carrier = carrier;
        this.options = options;
        startedAt = Instant.now();
        attempt = 1;
    }

    private ClientCallInfo(ClientCallInfo other, CallOptions options, int attempt) {
        super(other);
        descriptor = other.descriptor;
        request = other.request;
        from = other.from;
        to = other.to;
        transport = other.transport;
        carrier = other.carrier;
        this.options = options;
        startedAt = other.startedAt;
        this.attempt = attempt;
        instance = other.instance;
        remoteAddress = other.remoteAddress;
    }

    MethodDescriptor<?, ?> descriptor() {
        return descriptor;
    }

    @Nullable
    Object request() {
        return request;
    }

    @Override
    public String service() {
        return descriptor.service();
    }

    @Override
    public String method() {
        return descriptor.name();
    }

    @Override
    public StreamingMode mode() {
        return descriptor.mode();
    }

    @Override
    public String from() {
        return from;
    }

    @Override
    public String to() {
        return to;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public @Nullable PingPong carrier() {
        return carrier;
    }

    @Override
    public CallOptions options() {
        return options;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String instance() {
        Instance chosen = instance;
        return chosen == null ? "" : chosen.address().toString();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ClientCallInfo withOptions(CallOptions newOptions) {
        return new ClientCallInfo(this, newOptions, attempt);
    }

    @Override
    public ClientCallInfo withAttempt(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("attempt: " + number + " (expected: at least 1)");
        }
        return new ClientCallInfo(this, options, number);
    }

    /** A copy that goes on a connection to {@code chosen}, as attempt {@code number}. */
    ClientCallInfo at(Instance chosen, @Nullable SocketAddress address, int number) {
        ClientCallInfo copy = copy();
        copy.moveTo(chosen, address, number);
        return copy;
    }

    /** A copy for the listeners of one call, which stays one object while the call moves from attempt to attempt. */
    ClientCallInfo copy() {
        return new ClientCallInfo(this, options, attempt);
    }

    /** Says which instance the call goes to now. For a {@link #copy} alone. */
    void moveTo(Instance chosen, @Nullable SocketAddress address, int number) {
        instance = chosen;
        remoteAddress = address;
        attempt = number;
    }
}
