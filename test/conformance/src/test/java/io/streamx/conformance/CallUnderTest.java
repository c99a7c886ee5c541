package io.streamx.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import connectrpc.conformance.v1.ClientCompat.ClientCompatRequest;
import connectrpc.conformance.v1.ClientCompat.ClientCompatRequest.Cancel.CancelTimingCase;
import connectrpc.conformance.v1.ClientCompat.ClientResponseResult;
import connectrpc.conformance.v1.ConfigOuterClass.StreamType;
import connectrpc.conformance.v1.ConformanceServiceClient;
import connectrpc.conformance.v1.Service.BidiStreamRequest;
import connectrpc.conformance.v1.Service.BidiStreamResponse;
import connectrpc.conformance.v1.Service.ClientStreamRequest;
import connectrpc.conformance.v1.Service.ClientStreamResponse;
import connectrpc.conformance.v1.Service.ConformancePayload;
import connectrpc.conformance.v1.Service.Error;
import connectrpc.conformance.v1.Service.IdempotentUnaryRequest;
import connectrpc.conformance.v1.Service.ServerStreamRequest;
import connectrpc.conformance.v1.Service.ServerStreamResponse;
import connectrpc.conformance.v1.Service.UnaryRequest;
import connectrpc.conformance.v1.Service.UnimplementedRequest;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.ClientStream;
import io.streamx.Metadata;
import io.streamx.ReceivingStream;
import io.streamx.RpcException;
import io.streamx.StatusException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call as the suite asks for it, and what came of it. */
final class CallUnderTest {
    private final ConformanceServiceClient service;
    private final ClientCompatRequest asked;
    private final ClientResponseResult.Builder result = ClientResponseResult.newBuilder();
    private int received;

    CallUnderTest(ConformanceServiceClient service, ClientCompatRequest asked) {
        this.service = service;
        this.asked = asked;
    }

    ClientResponseResult make() throws Exception {
        switch (asked.getMethod()) {
            case "Unary" ->
                unary(
                        UnaryRequest.class,
                        (caller, request) -> caller.unary(request).getPayload());
            case "IdempotentUnary" ->
                unary(
                        IdempotentUnaryRequest.class,
                        (caller, request) -> caller.idempotentUnary(request).getPayload());
            case "Unimplemented" ->
                unary(UnimplementedRequest.class, (caller, request) -> {
                    caller.unimplemented(request);
                    return ConformancePayload.getDefaultInstance();
                });
            case "ServerStream" -> serverStream();
            case "ClientStream" -> clientStream();
            case "BidiStream" -> bidiStream();
            default -> throw new IllegalArgumentException("method: " + asked.getMethod());
        }
        return result.build();
    }

    private CancelTimingCase cancel() {
        return asked.getCancel().getCancelTimingCase();
    }

    private void failed(RpcException failure) {
        Error.Builder error =
                Error.newBuilder().setCodeValue(failure.statusCode()).setMessage(String.valueOf(failure.getMessage()));
        if (failure instanceof StatusException status) {
            error.setMessage(status.statusMessage()).addAllDetails(Entries.details(status));
        }
        result.setError(error);
    }

    // ---- unary ----

    private interface UnaryCall<Q> {
        ConformancePayload make(ConformanceServiceClient caller, Q request);
    }

    private <Q extends Message> void unary(Class<Q> type, UnaryCall<Q> call) throws Exception {
        Q request = asked.getRequestMessages(0).unpack(type);
        ConformanceServiceClient caller =
                service.withHeaderMetadata(this::header).withTrailerMetadata(this::trailer);
        try (CancellableContext context = CallContext.current().cancellable()) {
            if (cancel() == CancelTimingCase.AFTER_CLOSE_SEND_MS) {
                later(() -> context.cancel("the suite asks for it"));
            }
            Callable<ConformancePayload> made = () -> call.make(caller, request);
            result.addPayloads(context.call(made));
        } catch (RpcException failure) {
            failed(failure);
        }
    }

    private void header(Metadata entries) {
        result.addAllResponseHeaders(Entries.headers(entries));
    }

    private void trailer(Metadata entries) {
        result.addAllResponseTrailers(Entries.headers(entries));
    }

    private void later(Runnable step) {
        Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(asked.getCancel().getAfterCloseSendMs());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            step.run();
        });
    }

    // ---- streams ----

    private void serverStream() throws Exception {
        ServerStreamRequest request = asked.getRequestMessages(0).unpack(ServerStreamRequest.class);
        try (var stream = service.serverStream(request)) {
            cancelAfterCloseSend(stream);
            receiveAll(stream, stream, ServerStreamResponse::getPayload);
            entriesOf(stream);
        } catch (RpcException failure) {
            failed(failure);
        }
    }

    private void clientStream() throws Exception {
        try (var stream = service.clientStream()) {
            try {
                for (Any message : asked.getRequestMessagesList()) {
                    Thread.sleep(asked.getRequestDelayMs());
                    stream.send(message.unpack(ClientStreamRequest.class));
                }
                if (cancel() == CancelTimingCase.BEFORE_CLOSE_SEND) {
                    stream.cancel("the suite asks for it");
                }
                if (cancel() == CancelTimingCase.AFTER_CLOSE_SEND_MS) {
                    later(() -> stream.cancel("the suite asks for it"));
                }
                ClientStreamResponse response = stream.closeAndRecv();
                if (response != null) {
                    result.addPayloads(response.getPayload());
                }
            } catch (RpcException failure) {
                failed(failure);
            }
            entriesOf(stream);
        }
    }

    private void bidiStream() throws Exception {
        boolean fullDuplex = asked.getStreamType() == StreamType.STREAM_TYPE_FULL_DUPLEX_BIDI_STREAM;
        try (var stream = service.bidiStream()) {
            try {
                for (Any message : asked.getRequestMessagesList()) {
                    Thread.sleep(asked.getRequestDelayMs());
                    stream.send(message.unpack(BidiStreamRequest.class));
                    if (fullDuplex && !receive(stream, stream, BidiStreamResponse::getPayload)) {
                        break;
                    }
                }
                if (cancel() == CancelTimingCase.BEFORE_CLOSE_SEND) {
                    stream.cancel("the suite asks for it");
                }
                stream.closeSend();
                cancelAfterCloseSend(stream);
                receiveAll(stream, stream, BidiStreamResponse::getPayload);
            } catch (RpcException failure) {
                failed(failure);
            }
            entriesOf(stream);
        }
    }

    private void cancelAfterCloseSend(ClientStream stream) throws InterruptedException {
        if (cancel() == CancelTimingCase.AFTER_CLOSE_SEND_MS) {
            Thread.sleep(asked.getCancel().getAfterCloseSendMs());
            stream.cancel("the suite asks for it");
        }
    }

    private <R> void receiveAll(
            ClientStream stream, ReceivingStream<R> receiving, Function<R, ConformancePayload> payload) {
        try {
            while (receive(stream, receiving, payload)) {}
        } catch (RpcException failure) {
            failed(failure);
        }
    }

    private <R> boolean receive(
            ClientStream stream, ReceivingStream<R> receiving, Function<R, ConformancePayload> payload) {
        @Nullable R response = receiving.recv();
        if (response == null) {
            return false;
        }
        result.addPayloads(payload.apply(response));
        received++;
        if (cancel() == CancelTimingCase.AFTER_NUM_RESPONSES
                && received == asked.getCancel().getAfterNumResponses()) {
            stream.cancel("the suite asks for it");
        }
        return true;
    }

    /** Header and trailer as far as there are any: of a stream that was cut off there are none. */
    private void entriesOf(ClientStream stream) {
        try {
            header(stream.headerMetadata());
        } catch (RpcException none) {
            // The outcome says why.
        }
        try {
            trailer(stream.trailerMetadata());
        } catch (RpcException none) {
            // The outcome says why.
        }
    }
}
