package io.streamx.grpc;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.grpc.connection.GrpcClientProtocol;
import io.streamx.grpc.connection.GrpcServerProtocol;
import io.streamx.grpc.http.HttpRequestsProvider;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TransportOptionsByType;
import io.streamx.wire.TransportProvider;
import io.streamx.wire.UnaryProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what this module carries. {@link java.util.ServiceLoader} finds it. */
public final class GrpcProvider implements TransportProvider {
    /** For the service loader. */
    public GrpcProvider() {}

    @Override
    public @Nullable StreamProtocol streams(Transport transport) {
        return transport == Transport.GRPC ? new GrpcClientProtocol() : null;
    }

    /** Null for every carrier, because unary calls over gRPC are streams. */
    @Override
    public @Nullable UnaryProtocol unary(PingPong carrier) {
        return null;
    }

    @Override
    public List<ServerProtocol> servers(TransportOptionsByType options) {
        return List.of(new GrpcServerProtocol(HttpRequestsProvider.find(options)));
    }
}
