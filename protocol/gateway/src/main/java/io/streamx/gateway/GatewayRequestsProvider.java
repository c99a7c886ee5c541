package io.streamx.gateway;

import io.streamx.grpc.http.HttpRequests;
import io.streamx.grpc.http.HttpRequestsProvider;
import io.streamx.wire.TransportOptionsByType;
import org.jspecify.annotations.Nullable;

/**
 * Says that a server with {@link GatewayOptions} takes requests over HTTP/2 that are no calls of gRPC.
 * {@link java.util.ServiceLoader} finds it.
 */
public final class GatewayRequestsProvider implements HttpRequestsProvider {
    /** For the service loader. */
    public GatewayRequestsProvider() {}

    @Override
    public @Nullable HttpRequests requests(TransportOptionsByType options) {
        GatewayOptions set = options.get(GatewayOptions.class, GatewayOptions.NONE);
        return set == GatewayOptions.NONE ? null : new Http2Requests(set);
    }
}
