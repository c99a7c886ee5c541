package io.streamx.wire;

import io.streamx.PingPong;
import io.streamx.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire module: what it carries as a client, and which connections it serves. */
public interface TransportProvider {
    /** Streams over that transport; null when this module does not carry it. */
    @Nullable
    StreamProtocol streams(Transport transport);

    /** Unary calls on that carrier; null when this module does not carry it. */
    @Nullable
    UnaryProtocol unary(PingPong carrier);

    /** What a server of this module can recognise, to be asked in this order. */
    List<ServerProtocol> servers();
}
