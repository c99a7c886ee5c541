package io.streamx.cli;

import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server with one method of each shape. What a word says chooses how its call goes. */
final class WordsService implements GenericHandler<Object>, AutoCloseable {
    private static final String IDL = """
            namespace go probe
            struct Word { 1: required string text, 2: optional i64 count }
            exception Refused { 1: i32 code }
            service Words {
                Word change(1: Word word) throws (1: Refused refused)
                i64 sum(1: i32 a, 2: i64 b)
                void nothing()
                oneway void note(1: string text)
                Word upload(1: Word word) (streaming.mode = "client")
                Word download(1: Word word) (streaming.mode = "server")
                Word chat(1: Word word) (streaming.mode = "bidirectional")
            }
            """;

    private final Path idl;
    private final Server server;
    /** Lets the handlers of words that wait go on. */
    final CountDownLatch release = new CountDownLatch(1);
    /** A handler was cancelled while it waited. */
    final CountDownLatch cancelled = new CountDownLatch(1);
    /** A handler has begun to wait. */
    final CountDownLatch entered = new CountDownLatch(1);
    /** The first call with a word that is answered once has come. */
    private final AtomicBoolean answered = new AtomicBoolean();
    /** A oneway call came. */
    final CountDownLatch noted = new CountDownLatch(1);

    WordsService(Path folder) throws IOException {
        this(folder, plain -> {});
    }

    /** With an IDL that is another than that of all tests. */
    static WordsService of(Path folder, String idl) throws IOException {
        return new WordsService(folder, idl, plain -> {});
    }

    WordsService(Path folder, Consumer<Server.Builder> more) throws IOException {
        this(folder, IDL, more);
    }

    private WordsService(Path folder, String text, Consumer<Server.Builder> more) throws IOException {
        idl = Files.writeString(folder.resolve("words.thrift"), text);
        server = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .service(GenericService.load(idl, "Words").bind(Form.values(), this))
                .with(more)
                .start();
    }

    Path idl() {
        return idl;
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    /** Ends what is connected, in the midst of calls. */
    void dropConnections() {
        server.close();
    }

    @Override
    public void close() {
        release.countDown();
        server.close();
    }

    @Override
    public @Nullable Object unary(GenericMethod method, @Nullable Object request) throws Exception {
        switch (method.name()) {
            case "change":
                return change(text(request));
            case "sum":
                Map<?, ?> numbers = (Map<?, ?>) request;
                return (Integer) numbers.get("a") + (Long) numbers.get("b");
            case "note":
                noted.countDown();
                return null;
            default:
                return null;
        }
    }

    private Object change(String text) throws Exception {
        CallContext call = CallContext.current();
        return switch (text) {
            case "business" -> throw new BizStatusException(1001, "no such word", Map.of("word", text, "a", "b"));
            case "declared" -> throw new GenericException("Refused", Map.of("code", 7));
            case "fail" -> throw new IllegalStateException("broken");
            case "wait" -> {
                await();
                yield Map.of("text", "waited");
            }
            case "once" -> {
                if (!answered.compareAndSet(false, true)) {
                    await();
                }
                yield Map.of("text", "answered");
            }
            case "metainfo" -> Map.of("text", call.persistent("CHAIN") + " " + call.transientValue("HOP"));
            default -> Map.of("text", text + "!", "count", 9007199254740993L);
        };
    }

    private void await() throws InterruptedException {
        try (CallContext.Registration registration = CallContext.current().onCancel(cancelled::countDown)) {
            entered.countDown();
            release.await();
        }
    }

    @Override
    public void clientStreaming(GenericMethod method, ClientStreamingServer<Object, Object> stream) {
        List<String> texts = new ArrayList<>();
        for (Object word : stream) {
            texts.add(text(word));
            if (text(word).equals("enough")) {
                break;
            }
        }
        stream.sendAndClose(Map.of("text", String.join(" ", texts)));
    }

    @Override
    public void serverStreaming(GenericMethod method, Object request, ServerStreamingServer<Object> stream)
            throws Exception {
        String asked = CallContext.current().metadata().first("asked");
        stream.setHeader(Map.of("from", asked == null ? "header" : asked));
        stream.setTrailer(Map.of("from", "trailer"));
        for (int i = 0; i < 3; i++) {
            stream.send(Map.of("text", text(request), "count", i));
        }
        change(text(request));
    }

    @Override
    public void bidiStreaming(GenericMethod method, BidiStreamingServer<Object, Object> stream) throws Exception {
        for (Object word : stream) {
            if (text(word).equals("end")) {
                return;
            }
            stream.send(change(text(word)));
        }
    }

    private static String text(@Nullable Object word) {
        return String.valueOf(((Map<?, ?>) word).get("text"));
    }
}
