package io.streamx.generic.protobuf;

import io.streamx.BidiStreamingClient;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamingMode;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceClient;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of a {@link ProtobufService} by name, with JSON. Safe from any number of threads; the {@code with} methods
 * return further views, as those of generated clients do.
 *
 * <p>Each call throws {@link IllegalArgumentException} for a method that the service does not have or that has another mode, and for
 * JSON that is not the method's message; such a message is not sent. All else is as with generated clients.
 */
public final class ProtobufJsonClient extends ServiceClient<ProtobufJsonClient> {
    private final ProtobufService service;

    private ProtobufJsonClient(ProtobufService service, Channel channel, CallOptions options) {
        super(channel, options);
        this.service = service;
    }

    static ProtobufJsonClient of(ProtobufService service, Channel channel) {
        return new ProtobufJsonClient(service, channel, CallOptions.NONE);
    }

    @Override
    protected ProtobufJsonClient withOptions(Channel channel, CallOptions options) {
        return new ProtobufJsonClient(service, channel, options);
    }

    /** The service that is called. */
    public ProtobufService service() {
        return service;
    }

    /** Runs a unary call and waits for its reply. */
    public @Nullable String call(String method, String request) {
        return channel().call(method(method, StreamingMode.UNARY), request, options());
    }

    /** Runs a unary call without waiting; completes exceptionally with what {@link #call} would throw. */
    public CompletableFuture<@Nullable String> callAsync(String method, String request) {
        return channel().callAsync(method(method, StreamingMode.UNARY), request, options());
    }

    /** Opens a client-streaming call, which the caller ends or closes. */
    public ClientStreamingClient<String, String> clientStreaming(String method) {
        return channel().clientStreaming(method(method, StreamingMode.CLIENT), options());
    }

    /** Opens a server-streaming call, which the caller reads to its end or closes. */
    public ServerStreamingClient<String> serverStreaming(String method, String request) {
        return channel().serverStreaming(method(method, StreamingMode.SERVER), request, options());
    }

    /** Opens a bidirectional call, which the caller ends or closes. */
    public BidiStreamingClient<String, String> bidiStreaming(String method) {
        return channel().bidiStreaming(method(method, StreamingMode.BIDIRECTIONAL), options());
    }

    private MethodDescriptor<String, String> method(String name, StreamingMode mode) {
        MethodDescriptor<String, String> method = service.method(name);
        if (method.mode() != mode) {
            throw new IllegalArgumentException("method: " + service + "/" + name + " is " + method.mode()
                    + " (expected: a method that is " + mode + ")");
        }
        return method;
    }
}
