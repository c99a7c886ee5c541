package io.streamx.reactor;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.ClientStreamingClient;
import io.streamx.ReceivingStream;
import io.streamx.SendingStream;
import io.streamx.ServerStreamingClient;
import io.streamx.flow.FlowStreams;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls as {@link Flux} and {@link Mono}, and publishers as what is sent.
 *
 * <pre>{@code
 * Flux<Token> tokens = ReactorStreams.flux(() -> chat.ask(question));                  // caller
 * ReactorStreams.send(model.tokens(question), stream);                                 // handler of server streaming
 * }</pre>
 *
 * <p>Each subscription makes a call of its own, on virtual threads: nothing blocks Reactor's threads. Demand is passed on to
 * the peer, cancelling a subscription cancels the call, and a call that fails is an error signal with the exception that
 * blocking code would catch. All methods are safe from any thread.
 */
public final class ReactorStreams {
    private ReactorStreams() {}

    /** The replies of a server-streaming call, which {@code opening} makes. */
    public static <Res> Flux<Res> flux(Supplier<? extends ServerStreamingClient<Res>> opening) {
        return JdkFlowAdapter.flowPublisherToFlux(FlowStreams.publisher(opening));
    }

    /**
     * The replies of a bidirectional call, which {@code opening} makes.
     *
     * @param requests what is sent; cancelled when the call ends before them
     */
    public static <Req, Res> Flux<Res> flux(
            Supplier<? extends BidiStreamingClient<Req, Res>> opening, Publisher<? extends Req> requests) {
        return JdkFlowAdapter.flowPublisherToFlux(
                FlowStreams.publisher(opening, JdkFlowAdapter.publisherToFlowPublisher(requests)));
    }

    /**
     * The reply of a client-streaming call, which {@code opening} makes; empty when the handler returned without one.
     *
     * @param requests what is sent; cancelled when the call ends before them
     */
    public static <Req, Res> Mono<Res> mono(
            Supplier<? extends ClientStreamingClient<Req, Res>> opening, Publisher<? extends Req> requests) {
        return Mono.fromFuture(() -> FlowStreams.reply(opening, JdkFlowAdapter.publisherToFlowPublisher(requests)));
    }

    /**
     * The reply of a unary call, made on a virtual thread; empty when the method returns nothing.
     *
     * @param call makes the call; its thread is interrupted when the subscription is cancelled, which ends the call
     */
    public static <Res> Mono<Res> mono(Supplier<? extends @Nullable Res> call) {
        return Mono.create(sink -> {
            Thread thread = Thread.ofVirtual()
                    .name("streamx-reactor")
                    .unstarted(CallContext.current().wrap(() -> {
                        try {
                            sink.success(call.get());
                        } catch (Throwable failure) {
                            sink.error(failure);
                        }
                    }));
            sink.onCancel(thread::interrupt);
            thread.start();
        });
    }

    /** The requests that a handler receives, for one subscriber. */
    public static <Req> Flux<Req> received(ReceivingStream<Req> stream) {
        return JdkFlowAdapter.flowPublisherToFlux(FlowStreams.received(stream));
    }

    /**
     * Sends what {@code source} publishes and waits for its end, as {@link FlowStreams#send} does: for handlers, and for
     * callers that end their requests themselves.
     */
    public static <T> void send(Publisher<? extends T> source, SendingStream<? super T> stream) {
        FlowStreams.send(JdkFlowAdapter.publisherToFlowPublisher(source), stream);
    }
}
