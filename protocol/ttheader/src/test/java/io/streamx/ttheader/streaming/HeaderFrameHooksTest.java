package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.CallInfo;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.middleware.MetaListener;
import io.streamx.middleware.OpenedHook;
import io.streamx.middleware.OpeningHook;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.FrameType;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that hooks add to Header frames and read from them, as frames have them, and the Meta frames of proxies. */
@Timeout(60)
class HeaderFrameHooksTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    @Test
    void entriesOfBothKindsReachTheHookOfTheServer() throws Exception {
        CompletableFuture<Map<Integer, String>> ints = new CompletableFuture<>();
        CompletableFuture<Map<String, String>> texts = new CompletableFuture<>();
        OpenedHook read = (call, intEntries, entries) -> {
            assertThat(call.method()).isEqualTo("Bidi");
            assertThat(call.persistent("p")).isEqualTo("1");
            ints.complete(intEntries);
            texts.complete(entries);
        };
        OpeningHook add = (call, entries) -> {
            entries.put("trace", call.service() + "." + call.method());
            entries.put("twice", "first");
            entries.put("twice", "second");
            entries.put(200, "number");
        };
        Server server = ends.serve(EchoService.echo(), builder -> builder.openedHook(read));
        Client client = ends.connect(server, builder -> builder.openingHook(add));
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("p", "1"))) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
        }
        assertThat(ints.get())
                .containsEntry(200, "number")
                .containsEntry(9, "Bidi")
                .containsEntry(27, "2");
        assertThat(texts.get())
                .containsOnly(
                        Map.entry("trace", "EchoService.Bidi"),
                        Map.entry("twice", "second"),
                        Map.entry("isn", "EchoService"),
                        Map.entry("RPC_PERSIST_p", "1"));
    }

    @Test
    void theFrameworksOwnEntriesCannotBeReplaced() {
        OpeningHook add = (call, entries) -> {
            entries.put("isn", "Another");
            entries.put("RPC_PERSIST_p", "another");
        };
        try (ScriptedServer server = ScriptedServer.start()) {
            Client client = ends.connect(server.port(), builder -> builder.openingHook(add));
            try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("p", "mine"))) {
                assertThat(server.accept().expect(FrameType.HEADER).strings())
                        .containsOnly(
                                Map.entry("isn", "EchoService"),
                                Map.entry("RPC_PERSIST_p", "mine"),
                                Map.entry("sx-credit", "65536"));
                assertThat(stream.call().method()).isEqualTo("Bidi");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, 9, 27})
    void anIntegerEntryOutsideItsRangeIsRefusedAndNothingIsOpened(int key) {
        Server server = ends.serve(EchoService.echo());
        Client client =
                ends.connect(server, builder -> builder.openingHook((call, entries) -> entries.put(key, "value")));
        assertThatThrownBy(() -> EchoService.bidi(client))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("integer entry " + key
                        + " = 'value' (expected: a key of 0 to 65535, but for 9 and 27, which belong to the"
                        + " framework)");
    }

    @Test
    void aHookThatAddsTooMuchFailsItsCallAloneAndTheConnectionGoesOn() {
        AtomicInteger opened = new AtomicInteger();
        OpeningHook add = (call, entries) -> {
            if (opened.getAndIncrement() == 1) {
                for (int i = 0; i < 10; i++) {
                    entries.put("k" + i, "x".repeat(10_000));
                }
            }
        };
        Client client = ends.connect(ends.serve(EchoService.echo()), builder -> builder.openingHook(add));
        try (var before = EchoService.bidi(client)) {
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(expected: ");
            try (var after = EchoService.bidi(client)) {
                after.send("after");
                assertThat(after.recv()).isEqualTo("after");
            }
            before.send("before");
            assertThat(before.recv()).isEqualTo("before");
        }
    }

    @Test
    void metainfoTooLongForItsFrameFailsItsCallAloneAndTheConnectionGoesOn() {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (var before = EchoService.bidi(client)) {
            CallOptions tooLong = CallOptions.NONE.withPersistent("k".repeat(65_536), "v");
            assertThatThrownBy(() -> client.bidiStreaming(EchoService.BIDI, tooLong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(expected: ");
            before.send("unharmed");
            assertThat(before.recv()).isEqualTo("unharmed");
        }
    }

    @Test
    void aFailedHookIsWrittenAsHeaderAndTrailerWhichAnyClientShows() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.openedHook((call, ints, entries) -> {
                    if ("biz".equals(entries.get("fail"))) {
                        throw new BizStatusException(403, "forbidden");
                    }
                    throw new ApplicationException(1204, "no ticket");
                }));
        try (ScriptedPeer peer = ScriptedPeer.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()))) {
            peer.send(Frames.open(1, "EchoService", "Bidi"));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.TRAILER, 1).payload())
                    .isEqualTo(Frames.exception("Bidi", 1, 1204, "no ticket"));

            peer.send(Frames.header(2, "Bidi", Map.of("isn", "EchoService", "fail", "biz")));
            peer.expect(FrameType.HEADER, 2);
            assertThat(peer.expect(FrameType.TRAILER, 2).strings())
                    .containsEntry("biz-status", "403")
                    .containsEntry("biz-message", "forbidden");
        }
    }

    // ---- Meta frames ----

    @Test
    void metaFramesOfAProxyAreShownAndDisturbNoMessages() throws Exception {
        CompletableFuture<CallInfo> call = new CompletableFuture<>();
        CompletableFuture<Map<Object, Object>> all = new CompletableFuture<>();
        MetaListener listener = (of, ints, entries, payload) -> {
            Map<Object, Object> seen = new HashMap<>(entries);
            seen.put("frame type", ints.get(27));
            seen.put("payload", new String(payload, java.nio.charset.StandardCharsets.US_ASCII));
            call.complete(of);
            all.complete(seen);
            throw new IllegalStateException("a listener that fails");
        };
        try (ScriptedServer server = ScriptedServer.start()) {
            Client client = ends.connect(server.port(), builder -> builder.metaListener(listener));
            try (var stream = EchoService.bidi(client)) {
                ScriptedPeer peer = server.accept();
                int id = peer.expect(FrameType.HEADER).seqId();
                peer.send(
                        Frames.streaming(
                                FrameType.META, id, "Bidi", Map.of("rip", "127.0.0.1:1"), new byte[] {'h', 'i'}),
                        Frames.meta(id + 1, "Bidi", Map.of("of", "nobody")),
                        Frames.data(id, "Bidi", EchoService.encoded("m")));

                assertThat(stream.recv()).isEqualTo("m");
                assertThat(all.get(20, TimeUnit.SECONDS))
                        .containsOnly(
                                Map.entry("rip", "127.0.0.1:1"),
                                Map.entry("frame type", "1"),
                                Map.entry("payload", "hi"));
                assertThat(call.get().method()).isEqualTo("Bidi");
            }
        }
    }
}
