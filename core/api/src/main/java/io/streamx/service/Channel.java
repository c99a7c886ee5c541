package io.streamx.service;

import io.streamx.BidiStreamingClient;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What generated clients call through; {@code io.streamx.client.Client} is one. Safe from any number of threads. */
public interface Channel {
    /**
     * Runs a unary call and waits for its outcome.
     *
     * @return the result; null for void and oneway methods
     */
    <Req, Res> @Nullable Res call(MethodDescriptor<Req, Res> method, Req request, CallOptions options);

    /**
     * Runs a unary call without waiting. Completes exceptionally with what {@link #call} would throw; cancelling the
     * future ends the call. Dependent stages must not block.
     *
     * <p>Middleware, listeners and the receivers of headers, trailers and backward values run on a thread of the call's
     * own, which takes the context of the calling thread ({@link io.streamx.CallContext}) with it and none of its thread
     * locals.
     */
    <Req, Res> CompletableFuture<@Nullable Res> callAsync(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options);

    /** Opens a client-streaming call. */
    <Req, Res> ClientStreamingClient<Req, Res> clientStreaming(MethodDescriptor<Req, Res> method, CallOptions options);

    /** Opens a server-streaming call: sends the one request, and says that no more come, before this returns. */
    <Req, Res> ServerStreamingClient<Res> serverStreaming(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options);

    /** Opens a bidirectional call. */
    <Req, Res> BidiStreamingClient<Req, Res> bidiStreaming(MethodDescriptor<Req, Res> method, CallOptions options);
}
