package io.streamx.engine;

import io.netty.channel.Channel;
import io.streamx.wire.ReadGate;

/** Pauses a connection by not reading its socket, where the wire has no windows that pause its peer. */
record AutoReadGate(Channel channel) implements ReadGate {
    @Override
    public void pause() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void glimpse() {
        // While the channel does not read by itself, this is one read of the socket, of up to 64 KiB.
        channel.read();
    }
}
