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

    /** The protocols that a server can recognise with this module, to be asked in this order. */
    List<ServerProtocol> servers();

    /**
     * The protocols that one server is to recognise with this module, to be asked in this order: a module that serves only
     * where its user has asked for it looks for its options here.
     *
     * @param options what was set at the server for single transports
     */
    default List<ServerProtocol> servers(TransportOptionsByType options) {
        return servers();
    }
}
