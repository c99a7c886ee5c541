package io.streamx.grpc.connection;

import io.netty.channel.Channel;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.Failures;
import io.streamx.wire.StreamProtocol;

/** gRPC as clients use it. */
public final class GrpcClientProtocol implements StreamProtocol {
    /** For the provider. */
    public GrpcClientProtocol() {}

    @Override
    public Failures failures() {
        return GrpcFailures.CLIENT;
    }

    @Override
    public String applicationProtocol() {
        return GrpcServerProtocol.HTTP2;
    }

    @Override
    public Connection connect(Channel channel, Settings settings) {
        GrpcClientConnection connection = GrpcClientConnection.create(settings);
        channel.pipeline().addLast(connection);
        return connection;
    }
}
