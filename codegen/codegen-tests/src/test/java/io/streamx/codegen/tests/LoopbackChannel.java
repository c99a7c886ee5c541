package io.streamx.codegen.tests;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.BidiStreamingClient;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.UnaryHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs unary calls against a service in the same process, through the bytes of requests and results. */
final class LoopbackChannel implements Channel {
    private final ServiceDefinition service;
    private final List<String> opened = new ArrayList<>();

    LoopbackChannel(ServiceDefinition service) {
        this.service = service;
    }

    /** The streams opened, as in {@code bidi Child.chat}; they go nowhere. */
    List<String> opened() {
        return opened;
    }

    @Override
    public <Req, Res> @Nullable Res call(MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        ByteBuf bytes = Unpooled.buffer();
        method.requestCodec().encode(request, bytes);
        ByteBuf outcome = serve(method.name(), bytes);
        return method.isOneway() ? null : method.resultCodec().decode(outcome);
    }

    private ByteBuf serve(String name, ByteBuf request) {
        ServiceDefinition.BoundMethod<?, ?> method = service.method(name);
        if (method == null) {
            throw new AssertionError("no method " + name);
        }
        return serve(method, request);
    }

    private static <Req, Res> ByteBuf serve(ServiceDefinition.BoundMethod<Req, Res> method, ByteBuf request) {
        UnaryHandler<Req, Res> handler = (UnaryHandler<Req, Res>) method.handler();
        MethodDescriptor<Req, Res> descriptor = method.descriptor();
        ByteBuf outcome = Unpooled.buffer();
        try {
            Res result = handler.handle(descriptor.requestCodec().decode(request));
            descriptor.resultCodec().encodeResult(result, outcome);
        } catch (Exception e) {
            if (!descriptor.resultCodec().encodeException(e, outcome)) {
                throw new AssertionError("undeclared", e);
            }
        }
        return outcome;
    }

    @Override
    public <Req, Res> CompletableFuture<@Nullable Res> callAsync(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        return CompletableFuture.supplyAsync(() -> call(method, request, options), Runnable::run);
    }

    @Override
    public <Req, Res> ClientStreamingClient<Req, Res> clientStreaming(
            MethodDescriptor<Req, Res> method, CallOptions options) {
        opened.add("client " + method);
        return null;
    }

    @Override
    public <Req, Res> ServerStreamingClient<Res> serverStreaming(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        opened.add("server " + method + " " + request);
        return null;
    }

    @Override
    public <Req, Res> BidiStreamingClient<Req, Res> bidiStreaming(
            MethodDescriptor<Req, Res> method, CallOptions options) {
        opened.add("bidi " + method + " " + options.transients());
        return null;
    }
}
