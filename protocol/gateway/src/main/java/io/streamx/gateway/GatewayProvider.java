package io.streamx.gateway;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TransportOptionsByType;
import io.streamx.wire.TransportProvider;
import io.streamx.wire.UnaryProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says that a server with {@link GatewayOptions} recognises HTTP. {@link java.util.ServiceLoader} finds it. */
public final class GatewayProvider implements TransportProvider {
    /** For the service loader. */
    public GatewayProvider() {}

    /** Null for every transport, because clients of StreamX make no calls through a gateway. */
    @Override
    public @Nullable StreamProtocol streams(Transport transport) {
        return null;
    }

    /** Null for every carrier, because clients of StreamX make no calls through a gateway. */
    @Override
    public @Nullable UnaryProtocol unary(PingPong carrier) {
        return null;
    }

    @Override
    public List<ServerProtocol> servers(TransportOptionsByType options) {
        GatewayOptions set = options.get(GatewayOptions.class, GatewayOptions.NONE);
        return set == GatewayOptions.NONE ? List.of() : List.of(new HttpProtocol(set));
    }
}
