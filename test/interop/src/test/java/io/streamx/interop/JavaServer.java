package io.streamx.interop;

import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.auth.Authenticator;
import io.streamx.auth.NamedPrincipal;
import io.streamx.client.Client;
import io.streamx.interop.echo.TestService;
import io.streamx.interop.messages.MessageService;
import io.streamx.interop.newer.UpgradedService;
import io.streamx.interop.older.KeptService;
import io.streamx.interop.scenario.Req;
import io.streamx.interop.scenario.Res;
import io.streamx.interop.scenario.ScenarioService;
import io.streamx.interop.scenario.ScenarioServiceClient;
import io.streamx.interop.shapes.ShapeService;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.middleware.ServerStreamMiddleware.StreamHandler;
import io.streamx.server.Server;
import java.net.InetAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A Java server that obeys the same commands as {@code peer serve}. {@link #close} ends it at once. */
final class JavaServer implements AutoCloseable {
    private final String name;
    private final Reports reports = new Reports();
    private final ConcurrentMap<String, Client> clients = new ConcurrentHashMap<>();
    /** What calls came with, for as long as somebody holds them. */
    private final Map<CallContext, Map<String, String>> openedWith = Collections.synchronizedMap(new WeakHashMap<>());

    private final Server server;

    /** Starts serving; {@code name} is what it calls others by, and part of cancel paths. */
    JavaServer(String name) {
        this(name, Duration.ZERO);
    }

    /** As a user's server, whose handlers have so long when it is stopped. */
    JavaServer(String name, Duration window) {
        this.name = name;
        server = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownWindow(window)
                .authenticator(JavaServer::caller)
                .openedHook(this::inspect)
                .middleware(JavaServer::forbid)
                .streamMiddleware(JavaServer::refuse)
                .service(TestService.bind(new TestServiceHandler(this)))
                .service(ScenarioService.bind(new ScenarioServiceHandler(this)))
                .service(ShapeService.bind(new ShapeServiceHandler()))
                .service(KeptService.bind(new KeptServiceHandler()))
                .service(UpgradedService.bind(new UpgradedServiceHandler()))
                .service(MessageService.bind(new MessageServiceHandler(this)))
                .start();
    }

    /** Keeps the entries for handlers; fails for what carries the persistent value INSPECT, before anything else. */
    private void inspect(CallContext call, Map<Integer, String> ints, Map<String, String> entries) {
        openedWith.put(call, entries);
        String reason = call.persistent("INSPECT");
        if (reason != null) {
            throw new IllegalStateException(reason);
        }
    }

    /** Refuses callers that come with a token, and not with the right one. */
    private static Principal caller(CallContext call) {
        String token = Authenticator.credentialsOf(call, "Bearer");
        if (token != null && !token.equals("s3cret")) {
            throw Authenticator.unauthenticated("the bearer token is not valid");
        }
        return new NamedPrincipal(token == null ? "anybody" : "the one with the token");
    }

    /** A rule of access: rejects what carries the persistent value FORBID. */
    private static ServerMiddleware.Step forbid(ServerMiddleware.Step next) {
        return (call, requestOrStream) -> {
            String reason = call.persistent("FORBID");
            if (reason != null) {
                throw new IllegalStateException("request forbidden: " + reason);
            }
            return next.proceed(call, requestOrStream);
        };
    }

    /** The outcome that the persistent value REFUSE names, before the handler runs. */
    private static StreamHandler refuse(StreamHandler next) {
        return (call, stream) -> {
            String outcome = call.persistent("REFUSE");
            if (outcome != null && Step.isScript(outcome)) {
                HandlerOutcomes.raise(Step.parse(outcome).get(0));
            }
            next.handle(call, stream);
        };
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    Reports reports() {
        return reports;
    }

    /** The entries that a call came with. */
    Map<String, String> entries(CallContext call) {
        return openedWith.getOrDefault(call, Map.of());
    }

    /** Stops the server while its handlers go on; returns at once. */
    void stop() {
        Thread.startVirtualThread(server::close);
    }

    /** A stream this server's handler opens, with its context and the metainfo the script has set. */
    TextStream downstream(String address, Transport transport, HandlerSession session) {
        return TextStream.of(view(address, transport, PingPong.FRAMED, session).bidi(), Req::new, Res::message);
    }

    /** A unary call by this server's handler, on a carrier that takes metainfo along. */
    String downstreamUnary(String address, HandlerSession session, String text) {
        @Nullable
        Res reply = view(address, Transport.TTHEADER, PingPong.TTHEADER_FRAMED, session)
                .unary(new Req(text));
        return reply == null ? "" : reply.message();
    }

    private ScenarioServiceClient view(String address, Transport transport, PingPong carrier, HandlerSession session) {
        Client client = clients.computeIfAbsent(
                transport + " " + carrier + " " + address,
                unused -> Client.builder("interop.downstream")
                        .address(address)
                        .connectTimeout(JavaClients.PATIENCE)
                        .callerName(name)
                        .transport(transport)
                        .pingPong(carrier)
                        .build());
        ScenarioServiceClient view = new ScenarioServiceClient(client);
        for (Map.Entry<String, String> entry : session.persistent().entrySet()) {
            view = view.withPersistent(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, String> entry : session.transients().entrySet()) {
            view = view.withTransient(entry.getKey(), entry.getValue());
        }
        return view;
    }

    @Override
    public void close() {
        server.close();
        clients.values().forEach(Client::close);
    }
}
