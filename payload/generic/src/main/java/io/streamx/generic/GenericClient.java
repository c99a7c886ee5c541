package io.streamx.generic;

import io.streamx.BidiStreamingClient;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamingMode;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of a {@link GenericService} by name. Safe from any number of threads; the {@code with} methods return
 * further views, as those of generated clients do.
 *
 * <p>Each call throws {@link IllegalArgumentException} for a method that the service does not have or that has another
 * mode, and for a message that does not fit the IDL, naming the place in the message; such a message is not sent. All else
 * is as with generated clients; an exception that the IDL declares is a {@link GenericException}.
 *
 * @param <T> the class of requests and replies
 */
public final class GenericClient<T> extends ServiceClient<GenericClient<T>> {
    private final GenericService service;
    private final Map<String, MethodDescriptor<T, T>> descriptors;

    private GenericClient(
            GenericService service,
            Map<String, MethodDescriptor<T, T>> descriptors,
            Channel channel,
            CallOptions options) {
        super(channel, options);
        this.service = service;
        this.descriptors = descriptors;
    }

    static <T> GenericClient<T> of(GenericService service, Channel channel, Form<T> form) {
        Map<String, MethodDescriptor<T, T>> descriptors = new HashMap<>();
        for (GenericMethod method : service.methods()) {
            descriptors.put(method.name(), FormCodecs.descriptor(service, method, form));
        }
        return new GenericClient<>(service, descriptors, channel, CallOptions.NONE);
    }

    @Override
    protected GenericClient<T> withOptions(Channel channel, CallOptions options) {
        return new GenericClient<>(service, descriptors, channel, options);
    }

    /** The service that is called. */
    public GenericService service() {
        return service;
    }

    /**
     * Runs a unary call and waits for its outcome.
     *
     * @param request null for a method without arguments
     * @return the reply; null for a method that returns nothing
     */
    public @Nullable T call(String method, @Nullable T request) {
        return channel().call(descriptor(method, StreamingMode.UNARY), sent(request), options());
    }

    /** Runs a unary call without waiting; completes exceptionally with what {@link #call} would throw. */
    public CompletableFuture<@Nullable T> callAsync(String method, @Nullable T request) {
        return channel().callAsync(descriptor(method, StreamingMode.UNARY), sent(request), options());
    }

    /** Opens a client-streaming call, which the caller ends or closes. */
    public ClientStreamingClient<T, T> clientStreaming(String method) {
        return channel().clientStreaming(descriptor(method, StreamingMode.CLIENT), options());
    }

    /** Opens a server-streaming call, which the caller reads to its end or closes. */
    public ServerStreamingClient<T> serverStreaming(String method, T request) {
        return channel().serverStreaming(descriptor(method, StreamingMode.SERVER), request, options());
    }

    /** Opens a bidirectional call, which the caller ends or closes. */
    public BidiStreamingClient<T, T> bidiStreaming(String method) {
        return channel().bidiStreaming(descriptor(method, StreamingMode.BIDIRECTIONAL), options());
    }

    private MethodDescriptor<T, T> descriptor(String name, StreamingMode mode) {
        GenericMethod method = service.method(name);
        if (method.mode() != mode) {
            throw new IllegalArgumentException("method: " + service + "/" + name + " is " + method.mode()
                    + " (expected: a method that is " + mode + ")");
        }
        return Objects.requireNonNull(descriptors.get(name));
    }

    /** The codec of arguments takes null for no argument, which the channel only passes on. */
    @SuppressWarnings("NullAway")
    private static <T> T sent(@Nullable T request) {
        return request;
    }
}
