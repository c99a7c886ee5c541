package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingServer;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.testkit.LogLines;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams that their users have forgotten are given up and reported, and no others are. */
class ForgottenStreamsTest extends OnEveryTransport {
    /** What a listener was told of streams that ended. */
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final BlockingQueue<List<StackTraceElement>> openedAt = new LinkedBlockingQueue<>();

    private final CallListener listener = new CallListener() {
        @Override
        public void onForgotten(CallInfo call, List<StackTraceElement> lines) {
            openedAt.add(lines);
            told.add("forgotten " + call.method());
        }

        @Override
        public void onFinish(CallInfo call, Summary summary) {
            told.add("finished");
        }

        @Override
        public void onDone(CallInfo call) {
            told.add("done");
        }
    };

    private static void waitForTheEnd(BidiStreamingServer<String, String> stream, CompletableFuture<RpcException> end) {
        try {
            for (String message : stream) {
                stream.send(message);
            }
        } catch (RpcException e) {
            end.complete(e);
        }
    }

    /** Opens a stream, uses it and loses it. */
    private static void openAndForget(Client client) {
        var stream = EchoService.bidi(client);
        stream.send("hello");
        assertThat(stream.recv()).isEqualTo("hello");
    }

    /** Has garbage collected until something was found; a collector need not find all at its first run. */
    private <T> T collectUntil(BlockingQueue<T> queue) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            System.gc();
            @Nullable T found = queue.poll(100, TimeUnit.MILLISECONDS);
            if (found != null) {
                return found;
            }
        }
        throw new AssertionError("nothing was found to be forgotten");
    }

    @Test
    void aStreamThatNothingRefersToIsCancelledAndNamedWithTheLineThatOpenedIt() throws Exception {
        CompletableFuture<RpcException> end = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> waitForTheEnd(stream, end)));
        Client client =
                ends.connect(server, builder -> builder.recordOpeningLines(true).callListener(listener));
        try (LogLines log = new LogLines()) {
            openAndForget(client);

            assertThat(collectUntil(told)).isEqualTo("forgotten Bidi");
            assertThat(end.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("finished");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("done");
            assertThat(openedAt.remove())
                    .anySatisfy(line -> assertThat(line.getMethodName()).isEqualTo("openAndForget"));
            assertThat(log.await("a stream of EchoService.Bidi was forgotten"))
                    .contains("neither read to its end nor cancelled nor closed");
            assertThat(log.await("ForgottenStreamsTest.openAndForget(ForgottenStreamsTest.java:"))
                    .isNotEmpty();
        }
    }

    @Test
    void afterTheFirstForgottenStreamOfAMethodTheNextNamesItsLineWithoutASetting() throws Exception {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(server, builder -> builder.callListener(listener));
        try (LogLines log = new LogLines()) {
            openAndForget(client);
            collectUntil(openedAt);
            openAndForget(client);

            assertThat(collectUntil(openedAt))
                    .anySatisfy(line -> assertThat(line.getMethodName()).isEqualTo("openAndForget"));
            assertThat(log.await("a stream of EchoService.Bidi was forgotten")).isNotEmpty();
        }
    }

    @Test
    void whatAForgottenStreamHasNotReadDoesNotCountAgainstItsConnectionForEver() throws Exception {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(
                server, builder -> builder.buffers(1 << 16, 1 << 16).callListener(listener));
        for (int i = 0; i < 10; i++) {
            // Each leaves a quarter of what the connection may hold, and has ended.
            var stream = EchoService.bidi(client);
            stream.send("x".repeat(1 << 14));
            stream.closeSend();
            assertThat(stream.header()).isNotNull();
            assertThat(stream.trailer()).isNotNull();
            stream = null;
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("finished");
            assertThat(collectUntil(told)).isEqualTo("done");
        }
        try (var stream = EchoService.bidi(client)) {
            stream.send("still served");
            assertThat(stream.recv()).isEqualTo("still served");
        }
    }

    @Test
    void streamsThatAreClosedReadToTheirEndOrWaitedForAreNotForgotten() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            String first = stream.recv();
            if ("wait".equals(first)) {
                stream.send(received.isDone() ? "too early" : "later");
                String second = stream.recv();
                stream.send(String.valueOf(second));
            }
        }));
        Client client = ends.connect(server, builder -> builder.callListener(listener));
        try (var closed = EchoService.bidi(client)) {
            closed.send("any");
        }
        var readToItsEnd = EchoService.bidi(client);
        readToItsEnd.closeSend();
        assertThat(readToItsEnd.recv()).isNull();
        readToItsEnd = null;
        var waitedFor = EchoService.bidi(client);
        waitedFor.send("wait");
        assertThat(waitedFor.recv()).isEqualTo("later");
        for (int i = 0; i < 20; i++) {
            System.gc();
        }
        waitedFor.send("more");
        assertThat(waitedFor.recv()).isEqualTo("more");
        waitedFor.close();

        assertThat(openedAt).isEmpty();
        assertThat(told).doesNotContain("forgotten Bidi");
    }
}
