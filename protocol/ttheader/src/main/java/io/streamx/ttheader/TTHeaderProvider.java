package io.streamx.ttheader;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.ttheader.streaming.StreamingClientProtocol;
import io.streamx.ttheader.streaming.StreamingServerProtocol;
import io.streamx.ttheader.unary.UnaryCarriers;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TransportOptionsByType;
import io.streamx.wire.TransportProvider;
import io.streamx.wire.UnaryProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what this module carries. {@link java.util.ServiceLoader} finds it. */
public final class TTHeaderProvider implements TransportProvider {
    /** For the service loader. */
    public TTHeaderProvider() {}

    @Override
    public @Nullable StreamProtocol streams(Transport transport) {
        return transport == Transport.TTHEADER ? new StreamingClientProtocol() : null;
    }

    @Override
    public UnaryProtocol unary(PingPong carrier) {
        return UnaryCarriers.client(carrier);
    }

    @Override
    public List<ServerProtocol> servers(TransportOptionsByType options) {
        return List.of(new StreamingServerProtocol(), UnaryCarriers.server());
    }
}
