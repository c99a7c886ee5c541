package io.streamx.interop;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.interop.scenario.Empty;
import io.streamx.interop.scenario.Inner;
import io.streamx.interop.scenario.Req;
import io.streamx.interop.scenario.Res;
import io.streamx.interop.scenario.Rich;
import io.streamx.interop.scenario.ScenarioService;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves everything the README's example does not have. */
record ScenarioServiceHandler(JavaServer peer) implements ScenarioService {
    @Override
    public @Nullable Res unary(Req req) throws Exception {
        String reply = TextHandlers.unary(peer, req.message());
        return reply == null ? null : new Res(reply);
    }

    @Override
    public @Nullable Res throwing(Req req) throws Exception {
        return unary(req);
    }

    @Override
    public void fire(Req req) throws Exception {
        @Nullable String unused = TextHandlers.unary(peer, req.message());
    }

    @Override
    public void nothing(Req req) throws Exception {
        @Nullable String unused = TextHandlers.unary(peer, req.message());
    }

    @Override
    public long sum(int a, long b, String text, Inner inner) {
        return a + b + text.length() + inner.id();
    }

    @Override
    public List<String> splitWords(String text) {
        return List.of(text.trim().split("\\s+"));
    }

    @Override
    public Rich richUnary(Rich req) {
        return req;
    }

    @Override
    public Empty emptyUnary(Empty req) {
        return req;
    }

    @Override
    public String report(String key, int waitMs) throws InterruptedException {
        return peer.reports().await(key, Duration.ofMillis(waitMs));
    }

    @Override
    public void bidi(BidiStreamingServer<Req, Res> stream) throws Exception {
        TextHandlers.bidi(peer, stream, TextHandlers.texts(stream, Req::message), text -> stream.send(new Res(text)));
    }

    @Override
    public void collect(ClientStreamingServer<Req, Res> stream) throws Exception {
        TextHandlers.collect(
                peer, stream, TextHandlers.texts(stream, Req::message), text -> stream.sendAndClose(new Res(text)));
    }

    @Override
    public void produce(Req req, ServerStreamingServer<Res> stream) throws Exception {
        TextHandlers.produce(peer, req.message(), stream, text -> stream.send(new Res(text)));
    }

    @Override
    public void richBidi(BidiStreamingServer<Rich, Rich> stream) {
        for (Rich message : stream) {
            stream.send(message);
        }
    }

    @Override
    public void emptyBidi(BidiStreamingServer<Empty, Empty> stream) {
        for (Empty message : stream) {
            stream.send(message);
        }
    }
}
