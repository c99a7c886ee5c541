package io.streamx.wire;

import io.streamx.PingPong;
import io.streamx.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire module: what it carries as a client, and which connections it serves. */
public interface TransportProvider {
    /** What makes streams over {@code transport}; null when this module does not carry it. */
    @Nullable
    StreamProtocol streams(Transport transport);

    /** What makes unary calls on {@code carrier}; null when this module does not carry it. */
    @Nullable
    UnaryProtocol unary(PingPong carrier);

    /**
     * The protocols that one server recognises with this module. A connection's first bytes are shown to them in this order.
     *
     * @param options what was set at the server for single transports. A module that serves only where its user has asked for
     *     it finds its own options there, and returns an empty list where they are missing.
     */
    List<ServerProtocol> servers(TransportOptionsByType options);
}
