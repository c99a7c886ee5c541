package io.streamx.service;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service with the handler that serves it: what {@code bind} returns and a server takes. Immutable. */
public final class ServiceDefinition {
    private final ServiceDescriptor descriptor;
    private final Map<String, BoundMethod<?, ?>> methods;

    private ServiceDefinition(ServiceDescriptor descriptor, Map<String, BoundMethod<?, ?>> methods) {
        this.descriptor = descriptor;
        this.methods = methods;
    }

    /** Begins a definition; every method of the descriptor needs a handler. */
    public static Builder builder(ServiceDescriptor descriptor) {
        return new Builder(descriptor);
    }

    /** What is served. */
    public ServiceDescriptor descriptor() {
        return descriptor;
    }

    /** The method of that IDL name, or null. */
    public @Nullable BoundMethod<?, ?> method(String name) {
        return methods.get(name);
    }

    /** Names of all methods, as the IDL spells them. */
    public Iterable<String> methodNames() {
        return methods.keySet();
    }

    /**
     * A method with its handler.
     *
     * @param descriptor the method
     * @param handler one of the four handler shapes, fitting the method's mode
     */
    public record BoundMethod<Req, Res>(MethodDescriptor<Req, Res> descriptor, Handler<Req, Res> handler) {}

    /** The handler of one method, in one of four shapes. */
    public sealed interface Handler<Req, Res> {}

    /** Serves a unary method; null is the result of a void method. */
    @FunctionalInterface
    public non-sealed interface UnaryHandler<Req, Res> extends Handler<Req, Res> {
        /** Runs the call. */
        @Nullable
        Res handle(Req request) throws Exception;
    }

    /** Serves a stream of requests with one reply. */
    @FunctionalInterface
    public non-sealed interface ClientStreamingHandler<Req, Res> extends Handler<Req, Res> {
        /** Runs the stream; returning ends it. */
        void handle(ClientStreamingServer<Req, Res> stream) throws Exception;
    }

    /** Serves one request with a stream of replies. */
    @FunctionalInterface
    public non-sealed interface ServerStreamingHandler<Req, Res> extends Handler<Req, Res> {
        /** Runs the stream; returning ends it. */
        void handle(Req request, ServerStreamingServer<Res> stream) throws Exception;
    }

    /** Serves a bidirectional stream. */
    @FunctionalInterface
    public non-sealed interface BidiStreamingHandler<Req, Res> extends Handler<Req, Res> {
        /** Runs the stream; returning ends it. */
        void handle(BidiStreamingServer<Req, Res> stream) throws Exception;
    }

    /** Collects the handlers. */
    public static final class Builder {
        private final ServiceDescriptor descriptor;
        private final Map<String, BoundMethod<?, ?>> methods = new LinkedHashMap<>();

        private Builder(ServiceDescriptor descriptor) {
            this.descriptor = descriptor;
        }

        /** Binds a unary method. */
        public <Req, Res> Builder unary(MethodDescriptor<Req, Res> method, UnaryHandler<Req, Res> handler) {
            return bind(method, handler);
        }

        /** Binds a client-streaming method. */
        public <Req, Res> Builder clientStreaming(
                MethodDescriptor<Req, Res> method, ClientStreamingHandler<Req, Res> handler) {
            return bind(method, handler);
        }

        /** Binds a server-streaming method. */
        public <Req, Res> Builder serverStreaming(
                MethodDescriptor<Req, Res> method, ServerStreamingHandler<Req, Res> handler) {
            return bind(method, handler);
        }

        /** Binds a bidirectional method. */
        public <Req, Res> Builder bidiStreaming(
                MethodDescriptor<Req, Res> method, BidiStreamingHandler<Req, Res> handler) {
            return bind(method, handler);
        }

        private <Req, Res> Builder bind(MethodDescriptor<Req, Res> method, Handler<Req, Res> handler) {
            methods.put(method.name(), new BoundMethod<>(method, handler));
            return this;
        }

        /**
         * The definition.
         *
         * @throws IllegalStateException when a method of the descriptor has no handler
         */
        public ServiceDefinition build() {
            for (MethodDescriptor<?, ?> method : descriptor.methods()) {
                if (!methods.containsKey(method.name())) {
                    throw new IllegalStateException("method " + method + " has no handler");
                }
            }
            return new ServiceDefinition(descriptor, new LinkedHashMap<>(methods));
        }
    }
}
