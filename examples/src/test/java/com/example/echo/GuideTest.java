package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.AttributeKey;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.endpoint.CallLog;
import io.streamx.flow.FlowStreams;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The snippets of the guides in {@code site/}, which include the marked parts of this file, and what they are said to do. */
@Timeout(60)
class GuideTest extends GuideSetup {
    @Test
    void eachModeHasItsShape() {
        TestServiceClient echo = call(new EchoHandler());
        List<String> heard = new ArrayList<>();

        // --8<-- [start:mode-unary]
        Response pong = echo.pingPong(new Request("ping"));
        // --8<-- [end:mode-unary]
        // --8<-- [start:mode-server]
        try (var stream = echo.echoServer(new Request("hi"))) {
            for (Response reply : stream) {
                heard.add(reply.message());
            }
        }
        // --8<-- [end:mode-server]
        // --8<-- [start:mode-client]
        Response total;
        try (var stream = echo.echoClient()) {
            stream.send(new Request("one"));
            stream.send(new Request("two"));
            total = stream.closeAndRecv(); // null when the handler returned without a reply
        }
        // --8<-- [end:mode-client]
        // --8<-- [start:mode-bidi]
        try (var stream = echo.echo()) {
            stream.send(new Request("hello"));
            Response reply = stream.recv();
            stream.closeSend();
            Response end = stream.recv(); // null: the handler has returned
            // --8<-- [end:mode-bidi]
            assertThat(reply).isEqualTo(new Response("hello"));
            assertThat(end).isNull();
        }
        assertThat(pong.message()).isEqualTo("ping");
        assertThat(heard).containsExactly("hi0", "hi1", "hi2");
        assertThat(total).isEqualTo(new Response("got 2"));
    }

    @Test
    void middlewareRefusesReplacesAndIsChosenByMethod() {
        // --8<-- [start:middleware-server]
        Server server = Server.builder()
                .port(0)
                .service(TestService.bind(new EchoHandler()))
                .middleware(next -> (call, requestOrStream) -> { // unary calls and streams
                    if (call.persistent("TOKEN") == null) {
                        throw new BizStatusException(401, "who are you?");
                    }
                    return next.proceed(call, requestOrStream);
                })
                .recvMiddleware(next -> stream -> { // each message received
                    Object message = next.recv(stream); // null at the end
                    return message instanceof Request request
                            ? new Request(request.message().strip())
                            : message;
                })
                .start();
        // --8<-- [end:middleware-server]
        keep(server);
        // --8<-- [start:middleware-client]
        Client client = Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .middleware(next -> (call, request) ->
                        next.proceed(call.withOptions(call.options().withPersistent("TOKEN", "s3cret")), request))
                .forMethods(
                        method -> method.name().equals("Echo"),
                        only -> only.sendMiddleware(next -> (stream, message) -> {
                            System.out.println("Echo sends " + message);
                            next.send(stream, message);
                        }))
                .build();
        // --8<-- [end:middleware-client]
        keep(client);

        try (var stream = new TestServiceClient(client).echo()) {
            stream.send(new Request("  padded "));
            assertThat(stream.recv()).isEqualTo(new Response("padded"));
        }
        TestServiceClient withoutToken = new TestServiceClient(connect(server));
        try (var stream = withoutToken.echo()) {
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            BizStatusException.class, e -> assertThat(e.code()).isEqualTo(401));
        }
    }

    @Test
    void metainfoReachesTheHandlerAndComesBack() {
        Server server = serve(new EchoHandler() {
            // --8<-- [start:metainfo-handler]
            @Override
            public Response pingPong(Request req) {
                CallContext call = CallContext.current();
                String user = call.persistent("USER"); // goes on with every call made in here
                String shard = call.transientValue("SHARD"); // ends here
                call.sendBackward("SERVED_BY", "node-7"); // unary calls on TTHeader
                return new Response(user + " " + shard);
            }
            // --8<-- [end:metainfo-handler]
        });
        List<String> servedBy = new ArrayList<>();
        // --8<-- [start:metainfo-client]
        Client client = Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .pingPong(PingPong.TTHEADER_FRAMED) // the default; FRAMED and BUFFERED have no room for metainfo
                .build();
        TestServiceClient echo = new TestServiceClient(client)
                .withPersistent("USER", "ann")
                .withTransient("SHARD", "3")
                .withBackward(entries -> servedBy.add(entries.get("SERVED_BY")));
        Response reply = echo.pingPong(new Request("who?"));
        // --8<-- [end:metainfo-client]
        keep(client);
        assertThat(reply.message()).isEqualTo("ann 3");
        assertThat(servedBy).containsExactly("node-7");
    }

    @Test
    void headerComesBeforeTheMessagesAndTrailerBehindThem() {
        TestServiceClient echo = call(new EchoHandler() {
            // --8<-- [start:header-handler]
            @Override
            public void echo(BidiStreamingServer<Request, Response> stream) {
                stream.sendHeader(Map.of("model", "m1")); // now; setHeader: with the first message
                int n = 0;
                for (Request req : stream) {
                    stream.send(new Response(req.message()));
                    n++;
                }
                stream.setTrailer(Map.of("count", String.valueOf(n))); // goes out when the handler returns
            }
            // --8<-- [end:header-handler]
        });
        // --8<-- [start:header-client]
        try (var stream = echo.echo()) {
            String model = stream.header().get("model"); // waits for the header
            stream.send(new Request("a"));
            stream.closeSend();
            for (Response reply : stream) {
                System.out.println(reply.message());
            }
            String count = stream.trailer().get("count"); // waits for the end
            // --8<-- [end:header-client]
            assertThat(model).isEqualTo("m1");
            assertThat(count).isEqualTo("1");
        }
    }

    @Test
    void aClientFollowsAResolverAndABalancer() {
        Server server = serve(new EchoHandler());
        List<Integer> ports = List.of(server.port());
        // --8<-- [start:discovery-polling]
        Resolver resolver = Resolver.polling(
                "our list",
                Duration.ofSeconds(5),
                (service, skipped) -> ports.stream()
                        .map(port -> Instance.of("127.0.0.1:" + port))
                        .toList());
        Client client = Client.builder("a.b.c")
                .resolver(resolver)
                .balancer(Balancer.leastActive().withSlowStart(Duration.ofSeconds(30)))
                .build();
        // --8<-- [end:discovery-polling]
        keep(client);
        assertThat(new TestServiceClient(client).pingPong(new Request("found")).message())
                .isEqualTo("found");
    }

    @Test
    void whatInterceptorsDoInGrpcJavaIsMiddleware() {
        // --8<-- [start:grpc-server-middleware]
        AttributeKey<String> user = AttributeKey.named("user");
        Server server = Server.builder()
                .port(0)
                .service(TestService.bind(new EchoHandler() {
                    @Override
                    public Response pingPong(Request req) {
                        return new Response(req.message() + " from " + CallContext.current().attribute(user));
                    }
                }))
                .middleware(next -> (call, requestOrStream) -> {
                    String token = call.metadata().first("token");
                    if (token == null) {
                        throw new StatusException(StatusCode.UNAUTHENTICATED, "no token");
                    }
                    call.setAttribute(user, "user of " + token);
                    return next.proceed(call, requestOrStream);
                })
                .start();
        // --8<-- [end:grpc-server-middleware]
        keep(server);
        // --8<-- [start:grpc-client-middleware]
        Metadata token = Metadata.of("token", "s3cret");
        Client client = Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .transport(Transport.GRPC)
                .middleware(next -> (call, request) ->
                        next.proceed(call.withOptions(call.options().withMetadata(token)), request))
                .build();
        // --8<-- [end:grpc-client-middleware]
        keep(client);
        assertThat(new TestServiceClient(client).pingPong(new Request("hi")).message())
                .isEqualTo("hi from user of s3cret");

        Client stranger = keep(Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .transport(Transport.GRPC)
                .build());
        assertThatThrownBy(() -> new TestServiceClient(stranger).pingPong(new Request("hi")))
                .isInstanceOfSatisfying(
                        StatusException.class, e -> assertThat(e.code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void aLogAndAListenerTellOfCallsThatAreOver() throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        // --8<-- [start:observe-log]
        CallLog log = CallLog.builder()
                .access(true) // a line for each call and stream that is over
                .slowCalls(Duration.ofSeconds(1)) // a warning for each unary call that took so long
                .slowStreams(Duration.ofMinutes(10))
                .build();
        Server server = Server.builder()
                .port(0)
                .service(TestService.bind(new EchoHandler()))
                .install(log)
                .start();
        // --8<-- [end:observe-log]
        keep(server);
        // --8<-- [start:observe-listener]
        CallListener listener = new CallListener() {
            @Override
            public void onFinish(CallInfo call, Summary summary) {
                ends.add(call.service() + "/" + call.method() + " " + summary.outcome()
                        + ", received " + summary.messagesReceived());
            }
        };
        Client client = Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .install(log)
                .callListener(listener)
                .build();
        // --8<-- [end:observe-listener]
        keep(client);
        try (var stream = new TestServiceClient(client).echoServer(new Request("hi"))) {
            assertThat(stream).hasSize(3);
        }
        assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo("TestService/EchoServer ok, received 3");
    }

    @Test
    void repliesArePublished() throws Exception {
        TestServiceClient echo = call(new EchoHandler());
        List<String> heard = new ArrayList<>();
        CompletableFuture<List<String>> all = new CompletableFuture<>();
        // --8<-- [start:reactive-flow]
        Flow.Publisher<Response> replies = FlowStreams.publisher(() -> echo.echoServer(new Request("hi")));
        // --8<-- [end:reactive-flow]
        replies.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Response reply) {
                heard.add(reply.message());
            }

            @Override
            public void onError(Throwable failure) {
                all.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                all.complete(heard);
            }
        });
        assertThat(all.get(30, TimeUnit.SECONDS)).containsExactly("hi0", "hi1", "hi2");
    }
}
