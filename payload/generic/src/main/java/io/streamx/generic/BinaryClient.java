package io.streamx.generic;

import io.streamx.BidiStreamingClient;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamingMode;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceClient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of a service whose IDL is not known, with payloads as bytes: for proxies, and for programs that encode
 * messages themselves. The other side of it are {@link io.streamx.UnknownMethodHandler} and {@link
 * io.streamx.UnknownUnaryMethodHandler}, with which a server serves methods that it does not know. Safe from any number of
 * threads; the {@code with} methods return further views, as those of generated clients do.
 *
 * <p>What the bytes are:
 *
 * <ul>
 *   <li>of a stream: the message, in Thrift its struct in the binary protocol
 *   <li>of a unary request: in Thrift a struct with a field for each argument, in Protobuf the message
 *   <li>of a unary reply: in Thrift a struct whose field 0 is the result, or whose field n is the declared exception n, or
 *       that has no field for void; in Protobuf the message. A declared exception is therefore not thrown
 * </ul>
 *
 * <p>All other failures are as with generated clients. The caller says which mode a method has; nothing here can check it.
 * What was found out about a method is kept for its next calls, of {@value #MAX_METHODS} methods at most; the channel keeps its
 * part as long as it is open. So make one for each service and channel, and keep it: not one for each call.
 */
public final class BinaryClient extends ServiceClient<BinaryClient> {
    /** How many different methods one client calls; a name beyond them is an {@link IllegalArgumentException}. */
    public static final int MAX_METHODS = 10_000;

    private final Methods methods;

    private BinaryClient(Methods methods, Channel channel, CallOptions options) {
        super(channel, options);
        this.methods = methods;
    }

    /**
     * A client of a Thrift service.
     *
     * @param service the name as the IDL has it
     * @param grpcPackage what stands before it in the path of a gRPC call, which for Kitex is the last part of the Go
     *     namespace in lower case; may be empty
     */
    public static BinaryClient thrift(Channel channel, String service, String grpcPackage) {
        return of(channel, service, grpcPackage, PayloadFormat.THRIFT);
    }

    /**
     * A client of a Protobuf service.
     *
     * @param service the name without its package
     * @param protoPackage the package of the proto file; empty for none
     */
    public static BinaryClient protobuf(Channel channel, String service, String protoPackage) {
        return of(channel, service, protoPackage, PayloadFormat.PROTOBUF);
    }

    private static BinaryClient of(Channel channel, String service, String grpcPackage, PayloadFormat format) {
        if (service.isEmpty()) {
            throw new IllegalArgumentException("service: \"\" (expected: the name of a service)");
        }
        return new BinaryClient(new Methods(service, grpcPackage, format), channel, CallOptions.NONE);
    }

    @Override
    protected BinaryClient withOptions(Channel channel, CallOptions options) {
        return new BinaryClient(methods, channel, options);
    }

    /** Runs a unary call and waits for the bytes of its outcome. */
    public byte[] call(String method, byte[] request) {
        return received(channel().call(methods.of(method, StreamingMode.UNARY), request, options()), method);
    }

    /** Runs a unary call without waiting; completes exceptionally with what {@link #call} would throw. */
    public CompletableFuture<byte[]> callAsync(String method, byte[] request) {
        return channel()
                .callAsync(methods.of(method, StreamingMode.UNARY), request, options())
                .thenApply(reply -> received(reply, method));
    }

    private static byte[] received(byte @Nullable [] reply, String method) {
        if (reply == null) {
            throw new IllegalStateException(method + ": no reply (expected: bytes, of a middleware too)");
        }
        return reply;
    }

    /** Opens a client-streaming call, which the caller ends or closes. */
    public ClientStreamingClient<byte[], byte[]> clientStreaming(String method) {
        return channel().clientStreaming(methods.of(method, StreamingMode.CLIENT), options());
    }

    /** Opens a server-streaming call, which the caller reads to its end or closes. */
    public ServerStreamingClient<byte[]> serverStreaming(String method, byte[] request) {
        return channel().serverStreaming(methods.of(method, StreamingMode.SERVER), request, options());
    }

    /** Opens a bidirectional call, which the caller ends or closes. */
    public BidiStreamingClient<byte[], byte[]> bidiStreaming(String method) {
        return channel().bidiStreaming(methods.of(method, StreamingMode.BIDIRECTIONAL), options());
    }

    /** The descriptors of one service's methods. Clients keep what they made for a descriptor, so each is made once. */
    private static final class Methods {
        private final String service;
        private final String grpcPackage;
        private final PayloadFormat format;
        private final AtomicInteger count = new AtomicInteger();
        private final Map<String, Map<StreamingMode, MethodDescriptor<byte[], byte[]>>> known =
                new ConcurrentHashMap<>();

        Methods(String service, String grpcPackage, PayloadFormat format) {
            this.service = service;
            this.grpcPackage = grpcPackage;
            this.format = format;
        }

        MethodDescriptor<byte[], byte[]> of(String method, StreamingMode mode) {
            Map<StreamingMode, MethodDescriptor<byte[], byte[]>> modes = known.get(method);
            if (modes == null) {
                if (method.isEmpty() || count.get() >= MAX_METHODS) {
                    throw new IllegalArgumentException("method: \"" + method + "\""
                            + (method.isEmpty()
                                    ? " (expected: the name of a method)"
                                    : " is one more than " + MAX_METHODS + " (expected: one of those called before)"));
                }
                modes = known.computeIfAbsent(method, name -> {
                    count.incrementAndGet();
                    return new ConcurrentHashMap<>();
                });
            }
            return modes.computeIfAbsent(mode, unused -> descriptor(method, mode));
        }

        private MethodDescriptor<byte[], byte[]> descriptor(String method, StreamingMode mode) {
            MethodDescriptor<byte[], byte[]> descriptor = mode == StreamingMode.UNARY
                    ? MethodDescriptor.unary(service, method, MessageCodec.raw(), ResultCodec.raw())
                    : MethodDescriptor.streaming(service, method, mode, MessageCodec.raw(), MessageCodec.raw());
            return descriptor.withFormat(format).withGrpcPackage(grpcPackage);
        }
    }
}
