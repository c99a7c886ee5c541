package io.streamx.service;

import io.streamx.StreamingMode;
import io.streamx.UnimplementedException;
import org.jspecify.annotations.Nullable;

/**
 * One method of a service, as generated code describes it.
 *
 * @param <Req> the message a client sends; for a unary Thrift method the record of its arguments
 * @param <Res> the message a server sends; for a unary method its result
 */
public final class MethodDescriptor<Req, Res> {
    private final String grpcPackage;
    private final String service;
    private final String name;
    private final StreamingMode mode;
    private final boolean oneway;
    private final PayloadFormat format;
    private final MessageCodec<Req> requestCodec;
    private final @Nullable MessageCodec<Res> responseCodec;
    private final @Nullable ResultCodec<Res> resultCodec;
    /** Made once, because the thread of each call is named by it. */
    private final String fullName;

    private MethodDescriptor(
            String grpcPackage,
            String service,
            String name,
            StreamingMode mode,
            boolean oneway,
            PayloadFormat format,
            MessageCodec<Req> requestCodec,
            @Nullable MessageCodec<Res> responseCodec,
            @Nullable ResultCodec<Res> resultCodec) {
        this.grpcPackage = grpcPackage;
        this.service = service;
        this.name = name;
        this.mode = mode;
        this.oneway = oneway;
        this.format = format;
        this.requestCodec = requestCodec;
        this.responseCodec = responseCodec;
        this.resultCodec = resultCodec;
        fullName = service + "." + name;
    }

    /** A ping-pong method. */
    public static <Req, Res> MethodDescriptor<Req, Res> unary(
            String service, String name, MessageCodec<Req> request, ResultCodec<Res> result) {
        return new MethodDescriptor<>(
                "", service, name, StreamingMode.UNARY, false, PayloadFormat.THRIFT, request, null, result);
    }

    /** A ping-pong method without a reply. */
    public static <Req> MethodDescriptor<Req, Void> oneway(
            String service, String name, MessageCodec<Req> request, ResultCodec<Void> result) {
        return new MethodDescriptor<>(
                "", service, name, StreamingMode.UNARY, true, PayloadFormat.THRIFT, request, null, result);
    }

    /** A stream of any of the three kinds. */
    public static <Req, Res> MethodDescriptor<Req, Res> streaming(
            String service, String name, StreamingMode mode, MessageCodec<Req> request, MessageCodec<Res> response) {
        if (mode == StreamingMode.UNARY) {
            throw new IllegalArgumentException("mode of " + service + "." + name + ": UNARY (expected: a stream)");
        }
        return new MethodDescriptor<>("", service, name, mode, false, PayloadFormat.THRIFT, request, response, null);
    }

    /** The IDL service the call names on the wire; an inherited method is called on the derived service. */
    public String service() {
        return service;
    }

    /** The method as the IDL names it. */
    public String name() {
        return name;
    }

    /** Unary or the kind of stream. */
    public StreamingMode mode() {
        return mode;
    }

    /** Whether no reply is sent. */
    public boolean isOneway() {
        return oneway;
    }

    /** What the messages of the method are written in; Thrift unless {@link #withFormat} said otherwise. */
    public PayloadFormat format() {
        return format;
    }

    /** This method with the format {@code other}, whose codecs read and write it. */
    public MethodDescriptor<Req, Res> withFormat(PayloadFormat other) {
        return new MethodDescriptor<>(
                grpcPackage, service, name, mode, oneway, other, requestCodec, responseCodec, resultCodec);
    }

    /** The package that stands before the service in the path of a gRPC call; empty when there is none. */
    public String grpcPackage() {
        return grpcPackage;
    }

    /** This method of a service in the package {@code other}, such as {@code acme.chat}. */
    public MethodDescriptor<Req, Res> withGrpcPackage(String other) {
        return new MethodDescriptor<>(
                other, service, name, mode, oneway, format, requestCodec, responseCodec, resultCodec);
    }

    /** The codec of what clients send. */
    public MessageCodec<Req> requestCodec() {
        return requestCodec;
    }

    /** The codec of the messages a server streams. */
    public MessageCodec<Res> responseCodec() {
        if (responseCodec == null) {
            throw new IllegalStateException(service + "." + name + " is unary: it has a result, not messages");
        }
        return responseCodec;
    }

    /** The codec of a unary outcome. */
    public ResultCodec<Res> resultCodec() {
        if (resultCodec == null) {
            throw new IllegalStateException(service + "." + name + " is a stream: it has messages, not a result");
        }
        return resultCodec;
    }

    /** What a service throws that has this method and does not implement it. For generated code. */
    public UnimplementedException unimplemented() {
        return new UnimplementedException(service, name);
    }

    @Override
    public String toString() {
        return fullName;
    }
}
