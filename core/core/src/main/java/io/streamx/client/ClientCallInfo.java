package io.streamx.client;

import io.streamx.StreamingMode;
import io.streamx.middleware.ClientCall;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call of a client on its way through the middleware.
 *
 * @param descriptor the method
 * @param request what is sent with the call: of unary calls and of server streaming
 */
record ClientCallInfo(
        MethodDescriptor<?, ?> descriptor,
        @Nullable Object request,
        String from,
        String to,
        CallOptions options,
        @Nullable SocketAddress remoteAddress,
        Instant startedAt)
        implements ClientCall {
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
    public ClientCallInfo withOptions(CallOptions newOptions) {
        return new ClientCallInfo(descriptor, request, from, to, newOptions, remoteAddress, startedAt);
    }

    ClientCallInfo withRemoteAddress(@Nullable SocketAddress address) {
        return new ClientCallInfo(descriptor, request, from, to, options, address, startedAt);
    }
}
