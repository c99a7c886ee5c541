package io.streamx.ttheader.unary;

import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.ttheader.unary.Echo.JoinArgs;
import io.streamx.ttheader.unary.Echo.PingArgs;
import io.streamx.ttheader.unary.Echo.SayArgs;
import io.streamx.ttheader.unary.Echo.Text;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The client the generator would write for {@link Echo}. */
record EchoClient(Channel channel, CallOptions options) {
    EchoClient(Channel channel) {
        this(channel, CallOptions.NONE);
    }

    String say(String text) {
        return Objects.requireNonNull(call(Echo.SAY, text)).value();
    }

    void ping() {
        channel.call(Echo.PING, new PingArgs(), options);
    }

    void note(String text) {
        channel.call(Echo.NOTE, new SayArgs(new Text(text)), options);
    }

    String join(String left, String right) {
        return Objects.requireNonNull(channel.call(Echo.JOIN, new JoinArgs(left, right), options));
    }

    @Nullable
    Text call(MethodDescriptor<SayArgs, Text> method, String text) {
        return channel.call(method, new SayArgs(new Text(text)), options);
    }
}
