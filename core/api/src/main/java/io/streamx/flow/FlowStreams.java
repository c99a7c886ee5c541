package io.streamx.flow;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.ClientStreamingClient;
import io.streamx.ReceivingStream;
import io.streamx.SendingStream;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamEndedException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams as publishers, and publishers as what is sent.
 *
 * <pre>{@code
 * Flow.Publisher<Token> tokens = FlowStreams.publisher(() -> chat.ask(question));      // caller
 * FlowStreams.send(model.tokens(question), stream);                                    // handler of server streaming
 * }</pre>
 *
 * <p>A publisher here opens a call for each subscription. It receives one message ahead of what the subscriber has asked
 * for and no more, so a slow subscriber slows the peer. Cancelling a subscription cancels the call; the end of the call is
 * {@code onComplete}, any other outcome {@code onError} with the exception that {@code recv} throws.
 *
 * <p>Calls run in the {@link CallContext} of the thread that subscribes. All methods are safe from any thread.
 */
public final class FlowStreams {
    private FlowStreams() {}

    /**
     * The replies of a server-streaming call.
     *
     * @param opening makes the call, once for each subscription, on a virtual thread
     */
    public static <Res> Flow.Publisher<Res> publisher(Supplier<? extends ServerStreamingClient<Res>> opening) {
        Objects.requireNonNull(opening, "opening");
        return subscriber -> Receiving.start(subscriber, () -> {
            ServerStreamingClient<Res> stream = opening.get();
            return new Receiving.Source<>(stream, stream::close);
        });
    }

    /**
     * The replies of a bidirectional call whose requests are published.
     *
     * @param opening makes the call, once for each subscription, on a virtual thread
     * @param requests what is sent; the publisher is subscribed to when the call is open, and cancelled when the call
     *     ends before it. When it fails the call is cancelled, and the subscriber gets its failure
     */
    public static <Req, Res> Flow.Publisher<Res> publisher(
            Supplier<? extends BidiStreamingClient<Req, Res>> opening, Flow.Publisher<? extends Req> requests) {
        Objects.requireNonNull(opening, "opening");
        Objects.requireNonNull(requests, "requests");
        return subscriber -> Receiving.start(subscriber, () -> {
            BidiStreamingClient<Req, Res> stream = opening.get();
            return new Receiving.Source<>(stream, stream::close, new Requests<>(stream, requests));
        });
    }

    /**
     * The requests that a handler receives. They can be subscribed to once; a second subscriber gets {@link
     * IllegalStateException}. Cancelling the subscription leaves the call to the handler.
     *
     * @param stream the handler's stream, from which nobody else receives
     */
    public static <Req> Flow.Publisher<Req> received(ReceivingStream<Req> stream) {
        return new ReceivedOnce<>(stream);
    }

    /**
     * Sends what {@code source} publishes, and waits for its end. At most {@value Sending#WINDOW} messages are asked for
     * beyond those that were sent; a peer that takes none lets the source publish none. The stream is not ended: a caller
     * ends its requests with {@code closeSend}, a handler its replies by returning.
     *
     * <p>When a send fails, or this thread is interrupted because its call was cancelled, {@code source} is cancelled.
     *
     * @throws StreamEndedException at a caller whose server has ended the stream well before the source ended
     * @throws io.streamx.RpcException the outcome of the stream when it ended before the source did; or an exception
     *     whose cause is a checked failure of the source
     * @throws RuntimeException what the source failed with
     */
    public static <T> void send(Flow.Publisher<? extends T> source, SendingStream<? super T> stream) {
        Objects.requireNonNull(source, "source");
        Sending<T> sending = new Sending<>(stream);
        source.subscribe(sending);
        sending.run();
    }

    /**
     * The reply of a client-streaming call whose requests are published.
     *
     * @param opening makes the call, on a virtual thread
     * @param requests what is sent
     * @return the reply; null when the handler returned without one. The future fails with what the call or the
     *     requests failed with; cancelling the future cancels the call
     */
    public static <Req, Res> CompletableFuture<@Nullable Res> reply(
            Supplier<? extends ClientStreamingClient<Req, Res>> opening, Flow.Publisher<? extends Req> requests) {
        CompletableFuture<@Nullable Res> reply = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual()
                .name("streamx-flow")
                .unstarted(CallContext.current().wrap(() -> {
                    try (ClientStreamingClient<Req, Res> stream = opening.get()) {
                        try {
                            send(requests, stream);
                        } catch (StreamEndedException early) {
                            // The reply is there before all requests were sent.
                        }
                        reply.complete(stream.closeAndRecv());
                    } catch (Throwable failure) {
                        reply.completeExceptionally(failure);
                    }
                }));
        reply.whenComplete((result, failure) -> {
            if (reply.isCancelled()) {
                thread.interrupt();
            }
        });
        thread.start();
        return reply;
    }
}
