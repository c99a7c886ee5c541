package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The snippets of the guides about how calls end, by timeouts, errors and cancels. */
@Timeout(60)
class EndsGuideTest extends GuideSetup {
    /** A handler that answers nothing until its caller has gone. */
    private static final class Silent extends EchoHandler {
        final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public Response pingPong(Request req) {
            waitForTheEnd();
            return new Response("late");
        }

        @Override
        public void echo(BidiStreamingServer<Request, Response> stream) {
            waitForTheEnd();
        }

        private void waitForTheEnd() {
            CountDownLatch over = new CountDownLatch(1);
            CallContext.current().onCancel(over::countDown);
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cancelled.countDown();
        }
    }

    @Test
    void timeoutsAreSetOnAClientOrAView() {
        Server server = serve(new Silent());
        // --8<-- [start:timeout-client]
        Client client = Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .connectTimeout(Duration.ofSeconds(1)) // name lookup, TCP, TLS
                .connectionWait(Duration.ofSeconds(5)) // a call waits for a usable connection
                .timeout(Duration.ofMinutes(10)) // each whole call or stream
                .recvTimeout(RecvTimeout.of(Duration.ofSeconds(30))) // each recv of a stream
                .build();
        TestServiceClient echo = new TestServiceClient(client);
        TestServiceClient hurried = echo.withTimeout(Duration.ofSeconds(1)); // a view: same connections
        // --8<-- [end:timeout-client]
        keep(client);
        client.warmUp();
        assertThatThrownBy(() -> hurried.pingPong(new Request("?"))).isInstanceOf(RpcTimeoutException.class);
        try (var stream = hurried.echo()) {
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(StreamException.STREAM_TIMEOUT));
        }
        // --8<-- [start:timeout-keep]
        TestServiceClient patient = echo.withRecvTimeout(
                RecvTimeout.of(Duration.ofMillis(200)).keepRemote()); // this recv fails, the stream goes on
        // --8<-- [end:timeout-keep]
        try (var stream = patient.echo()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .isInstanceOfSatisfying(
                                StreamException.class,
                                e -> assertThat(e.code()).isEqualTo(StreamException.RECV_TIMEOUT));
            }
        }
    }

    @Test
    void serversLimitTimeToo() {
        // --8<-- [start:timeout-server]
        Server server = Server.builder()
                .port(0)
                .service(TestService.bind(new EchoHandler()))
                .recvTimeout(Duration.ofMinutes(1)) // each recv of a handler
                .streamIdleTimeout(Duration.ofMinutes(5)) // no message in either direction
                .streamTimeout(Duration.ofHours(1)) // each whole stream
                .unaryTimeout(Duration.ofSeconds(10)) // each unary handler
                .maxRunningCalls(20_000) // what comes beyond is refused with an answer
                .shutdownWindow(Duration.ofSeconds(20)) // close lets running calls finish
                .start();
        // --8<-- [end:timeout-server]
        keep(server);
        assertThat(new TestServiceClient(connect(server))
                        .pingPong(new Request("in time"))
                        .message())
                .isEqualTo("in time");
    }

    @Test
    void eachKindOfErrorIsCaughtByItsClass() {
        TestServiceClient echo = call(new EchoHandler() {
            // --8<-- [start:error-handler]
            @Override
            public void echoServer(Request req, ServerStreamingServer<Response> stream) {
                if (req.message().isEmpty()) {
                    throw new BizStatusException(10001, "nothing to say", Map.of("field", "message"));
                }
                if (req.message().equals("bug")) {
                    throw new IllegalStateException("no such shelf");
                }
                stream.send(new Response("fine"));
            }
            // --8<-- [end:error-handler]
        });
        assertThat(outcome(echo, "hello")).isEqualTo("fine");
        assertThat(outcome(echo, "")).isEqualTo("business error 10001: nothing to say {field=message}");
        assertThat(outcome(echo, "bug"))
                .startsWith("stream failed with 12001 APPLICATION")
                .contains("no such shelf");
    }

    private static String outcome(TestServiceClient echo, String message) {
        // --8<-- [start:error-client]
        try (var stream = echo.echoServer(new Request(message))) {
            StringBuilder all = new StringBuilder();
            for (Response reply : stream) {
                all.append(reply.message());
            }
            return all.toString();
        } catch (BizStatusException e) { // what the two ends agreed on
            return "business error " + e.code() + ": " + e.bizMessage() + " " + e.extra();
        } catch (StreamException e) { // a stream on TTHeader: 12001 to 12015
            return "stream failed with " + e.code() + " " + e.kind() + ": " + e.detail();
        } catch (StatusException e) { // a call over gRPC
            return "status " + e.codeName() + ": " + e.statusMessage();
        } catch (RpcException e) { // no connection, no time left, ...
            return "failed: " + e.getMessage();
        }
        // --8<-- [end:error-client]
    }

    @Test
    void aCancelReachesTheHandlerAndWhatItCalls() throws Exception {
        Silent last = new Silent();
        TestServiceClient backend = call(last);
        TestServiceClient echo = call(new EchoHandler() {
            // --8<-- [start:cancel-cascade]
            @Override
            public void echo(BidiStreamingServer<Request, Response> stream) {
                try (var further = backend.echo()) { // belongs to this call, and ends with it
                    stream.send(new Response("called the back end"));
                    for (Response reply : further) {
                        stream.send(reply);
                    }
                }
            }
            // --8<-- [end:cancel-cascade]
        });
        // --8<-- [start:cancel-client]
        try (var stream = echo.echo()) {
            Response first = stream.recv();
            stream.cancel("user left"); // from any thread, at any time
            // --8<-- [end:cancel-client]
            assertThat(first).isNotNull();
            // --8<-- [start:cancel-seen]
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(12007));
            // --8<-- [end:cancel-seen]
        }
        assertThat(last.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aContextEndsAllCallsMadeUnderIt() {
        TestServiceClient echo = call(new Silent());
        // --8<-- [start:cancel-context]
        try (CancellableContext context = CallContext.current().cancellable()) {
            Thread.startVirtualThread(() -> context.cancel("the first answer is enough"));
            context.run(() -> {
                try (var one = echo.echo();
                        var two = echo.echo()) {
                    one.recv();
                    two.recv();
                } catch (RpcException e) {
                    System.out.println(e.getMessage());
                }
            });
        }
        // --8<-- [end:cancel-context]
        assertThat(CallContext.current().isCancelled()).isFalse();
    }

    @Test
    void ownThreadsAreGivenTheContext() {
        CompletableFuture<String> user = new CompletableFuture<>();
        TestServiceClient echo = call(new EchoHandler() {
            @Override
            public void echoServer(Request req, ServerStreamingServer<Response> stream) {
                // --8<-- [start:cancel-wrap]
                CallContext call = CallContext.current();
                Thread.startVirtualThread(
                        call.wrap(() -> user.complete(CallContext.current().persistent("USER"))));
                // --8<-- [end:cancel-wrap]
                stream.send(new Response(user.join()));
            }
        });
        try (var stream = echo.withPersistent("USER", "ann").echoServer(new Request("go"))) {
            assertThat(stream.recv()).isEqualTo(new Response("ann"));
        }
    }

    @Test
    void aDeadlineIsTheTimeoutOfAView() {
        Server server = serve(new Silent());
        Client client = keep(Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .transport(Transport.GRPC)
                .build());
        client.warmUp();
        TestServiceClient echo = new TestServiceClient(client);
        List<String> told = new ArrayList<>();
        // --8<-- [start:grpc-deadline]
        try {
            echo.withTimeout(Duration.ofSeconds(1)).pingPong(new Request("quick"));
        } catch (RpcException e) {
            if (e.statusCode() == StatusCode.DEADLINE_EXCEEDED) {
                told.add("too late");
            }
        }
        // --8<-- [end:grpc-deadline]
        assertThat(told).containsExactly("too late");
    }
}
