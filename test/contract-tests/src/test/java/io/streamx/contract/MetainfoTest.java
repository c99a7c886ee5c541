package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallContext;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Values that go with calls: one hop or all the way down. Keys are upper case here, as those are the same on every
 * transport; gRPC makes all keys so (docs/protocol/metainfo.md "2. Names").
 */
class MetainfoTest extends OverTwoHops {
    private final List<Map<String, String>> seen = Collections.synchronizedList(new ArrayList<>());

    private void note() {
        seen.add(CallContext.current().persistents());
        seen.add(CallContext.current().transients());
    }

    private Client onwardToNoting() {
        return onwardTo(EchoService.with(stream -> note(), request -> {
            note();
            return request;
        }));
    }

    @Test
    void metainfoReachesTheHandlersOfStreamsAndCalls() {
        Client client = connect(ends.serve(EchoService.with(stream -> note(), request -> {
            note();
            assertThat(CallContext.current().method()).isEqualTo("Say");
            return request;
        })));
        CallOptions options = CallOptions.NONE.withPersistent("P_1", "1 %&ü").withTransient("T_2", "2");
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThat(stream.recv()).isNull();
        }
        assertThat(client.call(EchoService.SAY, "m", options)).isEqualTo("m");
        assertThat(seen)
                .containsExactly(
                        Map.of("P_1", "1 %&ü"), Map.of("T_2", "2"), Map.of("P_1", "1 %&ü"), Map.of("T_2", "2"));
    }

    @Test
    void metainfoGoesOnWithTheHandlersContextOnAnyThread() {
        Client onward = onwardToNoting();
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
            assertThat(stream.call().service()).isEqualTo("EchoService");
            assertThat(stream.call().method()).isEqualTo("Bidi");
            Runnable call = () -> {
                CallOptions own = CallOptions.NONE.withPersistent("OWN", "1").withTransient("MINE", "2");
                try (var next = onward.bidiStreaming(EchoService.BIDI, own)) {
                    assertThat(next.recv()).isNull();
                }
            };
            call.run();
            Thread.ofPlatform().start(CallContext.current().wrap(call)).join();
            Thread.ofPlatform().start(call).join();
        })));
        CallOptions options = CallOptions.NONE.withPersistent("P", "a").withTransient("T", "b");
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThat(stream.recv()).isNull();
        }
        Map<String, String> inherited = Map.of("P", "a", "OWN", "1");
        Map<String, String> mine = Map.of("MINE", "2");
        assertThat(seen).containsExactly(inherited, mine, inherited, mine, Map.of("OWN", "1"), mine);
    }

    @Test
    void persistentValuesGoFromStreamsToCallsAndFromCallsToStreams() {
        Client onward = onwardToNoting();
        Client client = connect(ends.serve(EchoService.with(
                stream -> stream.send(String.valueOf(onward.call(EchoService.SAY, "m", CallOptions.NONE))), request -> {
                    try (var next = EchoService.bidi(onward)) {
                        assertThat(next.recv()).isNull();
                    }
                    return request;
                })));
        CallOptions options = CallOptions.NONE.withPersistent("P", "a").withTransient("T", "b");
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThat(stream).containsExactly("m");
        }
        assertThat(client.call(EchoService.SAY, "m", options)).isEqualTo("m");
        assertThat(seen).containsExactly(Map.of("P", "a"), Map.of(), Map.of("P", "a"), Map.of());
    }

    @Test
    void theCallsOwnPersistentValueWinsOverTheInheritedOne() {
        Client onward = onwardTo(EchoService.bidi(
                stream -> stream.send(String.valueOf(stream.call().persistent("K")))));
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
            try (var next = onward.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("K", "own"))) {
                stream.send(String.valueOf(next.recv()));
            }
        })));
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("K", "inherited"))) {
            assertThat(stream.recv()).isEqualTo("own");
        }
    }
}
