package io.streamx.ttheader.unary;

import io.streamx.PingPong;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.UnaryProtocol;

/** The two ends of unary Thrift calls. */
public final class UnaryCarriers {
    private UnaryCarriers() {}

    /** What makes calls whose requests travel on {@code carrier}; replies are taken on any carrier. */
    public static UnaryProtocol client(PingPong carrier) {
        return new UnaryClientProtocol(carrier);
    }

    /**
     * What serves every carrier, which is recognised anew for each message; replies travel on the carrier of their
     * request. To be asked after TTHeader Streaming, whose flag it does not look for.
     */
    public static ServerProtocol server() {
        return new UnaryServerProtocol();
    }
}
