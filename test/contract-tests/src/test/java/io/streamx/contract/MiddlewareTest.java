package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BizStatusException;
import io.streamx.ClientStream;
import io.streamx.ServerStream;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.middleware.ClientMiddleware;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** In which order middleware runs, for which calls, and what it may do to them. */
class MiddlewareTest extends OnEveryTransport {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private void clientWithEveryKind(Client.Builder builder) {
        builder.middleware(logging("general 1"))
                .unaryMiddleware(next -> (call, request) -> {
                    log.add("unary 1");
                    return next.call(call, request);
                })
                .streamMiddleware(next -> call -> {
                    log.add("stream 1");
                    return next.open(call);
                })
                .middleware(logging("general 2"))
                .unaryMiddleware(next -> (call, request) -> {
                    log.add("unary 2");
                    return next.call(call, request);
                })
                .streamMiddleware(next -> call -> {
                    log.add("stream 2");
                    ClientStream stream = next.open(call);
                    log.add("opened");
                    return stream;
                });
    }

    private ClientMiddleware logging(String name) {
        return next -> (call, request) -> {
            log.add(name + " " + request);
            return next.proceed(call, request);
        };
    }

    private void serverWithEveryKind(Server.Builder builder) {
        builder.streamMiddleware(next -> (call, stream) -> {
                    log.add("stream 1");
                    next.handle(call, stream);
                })
                .unaryMiddleware(next -> (call, request) -> {
                    log.add("unary 1 " + request);
                    return next.handle(call, request);
                })
                .middleware(loggingAtServer("general 1"))
                .streamMiddleware(next -> (call, stream) -> {
                    log.add("stream 2");
                    next.handle(call, stream);
                    log.add("handled");
                })
                .unaryMiddleware(next -> (call, request) -> {
                    log.add("unary 2");
                    Object result = next.handle(call, request);
                    log.add("result " + result);
                    return result;
                })
                .middleware(loggingAtServer("general 2"));
    }

    private ServerMiddleware loggingAtServer(String name) {
        return next -> (call, requestOrStream) -> {
            log.add(name + (requestOrStream instanceof ServerStream ? " of a stream" : " " + requestOrStream));
            return next.proceed(call, requestOrStream);
        };
    }

    // ---- order ----

    @Test
    void atAClientTheMiddlewareOfOneKindStandsAroundThatOfBoth() {
        Client client = ends.connect(ends.serve(EchoService.echo()), this::clientWithEveryKind);

        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.call().method()).isEqualTo("Bidi");
        }
        assertThat(log).containsExactly("stream 1", "stream 2", "general 1 null", "general 2 null", "opened");

        log.clear();
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        assertThat(log).containsExactly("unary 1", "unary 2", "general 1 m", "general 2 m");
    }

    @Test
    void atAServerTheMiddlewareOfBothKindsStandsAroundThatOfOne() {
        Client client = ends.connect(ends.serve(EchoService.echo(), this::serverWithEveryKind));

        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(log)
                .containsExactly("general 1 of a stream", "general 2 of a stream", "stream 1", "stream 2", "handled");

        log.clear();
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        assertThat(log).containsExactly("general 1 m", "general 2 m", "unary 1 m", "unary 2", "result m");
    }

    @Test
    void middlewareWrapsBothSidesOutermostFirst() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.streamMiddleware(next -> (call, stream) -> {
                            log.add("server outer " + call.method());
                            next.handle(call, stream);
                            log.add("server outer done");
                        })
                        .streamMiddleware(next -> (call, stream) -> {
                            log.add("server inner");
                            next.handle(call, stream);
                        })
                        .recvMiddleware(
                                next -> stream -> ReplacingMiddlewareTest.suffixed(next.recv(stream), " received"))
                        .sendMiddleware(next -> (stream, message) -> next.send(stream, message + " sent")));
        Client client = ends.connect(
                server,
                builder -> builder.streamMiddleware(next -> call -> {
                            log.add("client open " + call.method() + " of " + call.service());
                            return next.open(call);
                        })
                        .recvMiddleware(next -> stream -> {
                            Object message = next.recv(stream);
                            log.add("client recv " + message);
                            return message;
                        })
                        .sendMiddleware(next -> (stream, message) -> {
                            log.add("client send " + message);
                            next.send(stream, message);
                        }));
        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m received sent");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(log)
                .contains(
                        "client open Bidi of EchoService",
                        "client send m",
                        "client recv m received sent",
                        "client recv null")
                .containsSubsequence("server outer Bidi", "server inner", "server outer done");
    }

    @Test
    void recvAndSendMiddlewareRunsForTheRequestOfServerStreamingToo() {
        Consumer<String> tell = log::add;
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.recvMiddleware(next -> stream -> {
                    Object message = next.recv(stream);
                    tell.accept("server received " + message);
                    return message;
                }));
        Client client = ends.connect(
                server,
                builder -> builder.sendMiddleware(next -> (stream, message) -> {
                    tell.accept("client sends " + message);
                    next.send(stream, message);
                }));
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "1", CallOptions.NONE)) {
            assertThat(stream.recv()).isEqualTo("reply 0");
            assertThat(stream.recv()).isNull();
        }
        assertThat(log).containsExactly("client sends 1", "server received 1");
    }

    @Test
    void aRecvMiddlewareSeesMessageEndAndError() {
        Server server = ends.serve(EchoService.bidi(stream -> {
            if ("fail".equals(stream.recv())) {
                throw new BizStatusException(7, "no");
            }
            stream.send("m");
        }));
        Client client = ends.connect(
                server,
                builder -> builder.recvMiddleware(next -> stream -> {
                    try {
                        Object message = next.recv(stream);
                        log.add(stream.call().method() + " " + message);
                        return message;
                    } catch (BizStatusException e) {
                        log.add("business error " + e.code());
                        throw e;
                    }
                }));
        try (var stream = EchoService.bidi(client)) {
            stream.send("go");
            assertThat(stream).containsExactly("m");
        }
        try (var stream = EchoService.bidi(client)) {
            stream.send("fail");
            assertThatThrownBy(stream::recv).isInstanceOf(BizStatusException.class);
        }
        assertThat(log).containsExactly("Bidi m", "Bidi null", "business error 7");
    }

    // ---- selection and bundles ----

    @Test
    void middlewareOfSomeMethodsLeavesTheOthersAlone() {
        Predicate<MethodDescriptor<?, ?>> unaryOnly = method -> method.mode() == StreamingMode.UNARY;
        Predicate<MethodDescriptor<?, ?>> bidiOnly = method -> method.name().equals("Bidi");
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.forMethods(unaryOnly, some -> some.middleware(loggingAtServer("server unary")))
                        .forMethods(
                                bidiOnly,
                                some -> some.recvMiddleware(next -> stream -> {
                                    log.add("server recv");
                                    return next.recv(stream);
                                })));
        Client client = ends.connect(
                server,
                builder -> builder.forMethods(
                                bidiOnly,
                                some -> some.middleware(logging("client bidi"))
                                        .forMethods(unaryOnly, none -> none.middleware(logging("never"))))
                        .middleware(logging("client all")));

        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        assertThat(log).containsExactly("client all m", "server unary m");

        log.clear();
        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(log).containsExactly("client bidi null", "client all null", "server recv");

        log.clear();
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "0", CallOptions.NONE)) {
            assertThat(stream.recv()).isNull();
        }
        assertThat(log).containsExactly("client all null");
    }

    @Test
    void aSuiteIsABundleOfSettings() {
        Consumer<Client.Builder> suite =
                builder -> builder.timeout(Duration.ofMillis(50)).streamMiddleware(next -> call -> {
                    log.add("suite");
                    return next.open(call);
                });
        Client client = ends.connectNow(ends.serve(EchoService.echo()), builder -> builder.with(suite));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv).satisfies(errors().streamTimeout("50ms", "the client"));
        }
        assertThat(log).containsExactly("suite");
    }
}
