package io.streamx.client;

import io.streamx.CallContext;
import io.streamx.ClientStream;
import io.streamx.RpcException;
import io.streamx.engine.BlockingClientStream;
import io.streamx.engine.ClientWire;
import io.streamx.engine.TimeLimit;
import io.streamx.middleware.ClientCall;
import io.streamx.middleware.ClientStreamMiddleware;
import io.streamx.middleware.ClientStreamMiddleware.Opener;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.transport.EventLoops;
import io.streamx.transport.Providers;
import io.streamx.transport.StreamProtocol;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens streams: middleware, then a connection, then the stream on it. Safe from any thread. */
final class StreamCaller {
    /** The middleware of a client's streams, in the order it was registered. */
    record Middleware(List<ClientStreamMiddleware> stream, List<RecvMiddleware> recv, List<SendMiddleware> send) {}

    private final Endpoint endpoint;
    private final EventLoops loops;
    private final Instances<StreamPool> instances;
    private final Opener opener;
    private final RecvMiddleware.@Nullable Receiver receiver;
    private final SendMiddleware.@Nullable Sender sender;

    StreamCaller(Endpoint endpoint, Middleware middleware) {
        this.endpoint = endpoint;
        StreamProtocol protocol = Providers.streams(endpoint.transport());
        receiver = middleware.recv().isEmpty() ? null : receiver(middleware.recv());
        sender = middleware.send().isEmpty() ? null : sender(middleware.send());
        Opener next = this::openOnConnection;
        for (ClientStreamMiddleware outer : middleware.stream().reversed()) {
            next = outer.apply(next);
        }
        opener = next;
        loops = EventLoops.acquire();
        Connector connector = new Connector(loops.group(), endpoint.service(), endpoint.connectTimeout());
        instances = new Instances<>(
                endpoint.service(),
                endpoint.resolver(),
                endpoint.balancer(),
                address -> pool(() -> connector.connect(
                        address, channel -> protocol.connect(channel, endpoint.limits(), endpoint.callerName()))));
    }

    private StreamPool pool(Supplier<CompletableFuture<StreamProtocol.Connection>> connect) {
        return switch (endpoint.mode()) {
            case MUX -> new MuxPool(endpoint.connections(), endpoint.idleTimeout(), endpoint.waiter(), connect);
            case LONG -> new ExclusiveStreamPool(true, endpoint.idleTimeout(), endpoint.waiter(), connect);
            case SHORT -> new ExclusiveStreamPool(false, endpoint.idleTimeout(), endpoint.waiter(), connect);
        };
    }

    /** Makes the connections of every instance now, so that the first stream need not wait. */
    void warmUp() {
        for (StreamPool pool : instances.all()) {
            try {
                pool.warmUp();
            } catch (ConnectException e) {
                throw e.failure().onThisThread();
            }
        }
    }

    private static RecvMiddleware.Receiver receiver(List<RecvMiddleware> recv) {
        RecvMiddleware.Receiver next = stream -> ((BlockingClientStream<?, ?>) stream).recvMessage();
        for (RecvMiddleware outer : recv.reversed()) {
            next = outer.apply(next);
        }
        return next;
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a message must give one of the stream's type
    private static SendMiddleware.Sender sender(List<SendMiddleware> send) {
        SendMiddleware.Sender next =
                (stream, message) -> ((BlockingClientStream<Object, ?>) stream).sendMessage(message);
        for (SendMiddleware outer : send.reversed()) {
            next = outer.apply(next);
        }
        return next;
    }

    ClientStream open(ClientCallInfo call) {
        return opener.open(call);
    }

    private ClientStream openOnConnection(ClientCall call) {
        if (!(call instanceof ClientCallInfo info)) {
            throw new IllegalArgumentException(
                    "call: " + call + " (expected: the call a middleware was given, or withOptions of it)");
        }
        return open(info.descriptor(), info);
    }

    private <Req, Res> ClientStream open(MethodDescriptor<Req, Res> method, ClientCallInfo info) {
        CallContext parent = CallContext.current();
        CallOptions options = info.options();
        TimeLimit timeout = endpoint.timeoutOf(options, parent);
        StreamProtocol.Opening opening = new StreamProtocol.Opening(
                method.service(),
                method.name(),
                Endpoint.persistentsOf(options, parent),
                options.transients(),
                timeout == null ? null : System.nanoTime() + timeout.nanos());
        BlockingClientStream<Req, Res> stream = instances.connect(pool -> {
            StreamProtocol.Connection connection = pool.acquire();
            ClientWire wire;
            try {
                wire = connection.newStream(opening);
                checkNotCancelled(parent, wire);
            } catch (RuntimeException e) {
                pool.unused(connection);
                throw e;
            }
            return BlockingClientStream.open(
                    connection.streams(),
                    wire,
                    method,
                    new BlockingClientStream.Settings(
                            info.withRemoteAddress(
                                    connection.streams().channel().remoteAddress()),
                            parent,
                            endpoint.recvTimeoutOf(options),
                            Endpoint.recvTimeoutSetBy(options),
                            timeout,
                            receiver,
                            sender));
        });
        if (info.request() != null) {
            sendOnly(stream, info.request());
        }
        return stream;
    }

    /** What an enclosing call that has ended opens is not even begun. */
    private static void checkNotCancelled(CallContext parent, ClientWire wire) {
        RpcException cancelled = parent.cancellation();
        if (cancelled != null) {
            throw wire.failures().canceledByParent(cancelled).onThisThread();
        }
    }

    /** Server streaming: the request and the end of the requests go out before the stream is handed to the caller. */
    @SuppressWarnings("unchecked") // the channel's signature made it one of the method's type
    private static <Req> void sendOnly(BlockingClientStream<Req, ?> stream, Object request) {
        try {
            stream.send((Req) request);
            stream.closeSend();
        } catch (Throwable t) {
            stream.close();
            throw t;
        }
    }

    void close() {
        instances.close(StreamPool::close);
        loops.close();
    }
}
