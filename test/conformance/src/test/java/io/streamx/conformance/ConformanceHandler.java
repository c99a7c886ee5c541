package io.streamx.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import connectrpc.conformance.v1.ConformanceService;
import connectrpc.conformance.v1.Service.BidiStreamRequest;
import connectrpc.conformance.v1.Service.BidiStreamResponse;
import connectrpc.conformance.v1.Service.ClientStreamRequest;
import connectrpc.conformance.v1.Service.ClientStreamResponse;
import connectrpc.conformance.v1.Service.ConformancePayload;
import connectrpc.conformance.v1.Service.ConformancePayload.RequestInfo;
import connectrpc.conformance.v1.Service.Error;
import connectrpc.conformance.v1.Service.IdempotentUnaryRequest;
import connectrpc.conformance.v1.Service.IdempotentUnaryResponse;
import connectrpc.conformance.v1.Service.ServerStreamRequest;
import connectrpc.conformance.v1.Service.ServerStreamResponse;
import connectrpc.conformance.v1.Service.StreamResponseDefinition;
import connectrpc.conformance.v1.Service.UnaryRequest;
import connectrpc.conformance.v1.Service.UnaryResponse;
import connectrpc.conformance.v1.Service.UnaryResponseDefinition;
import connectrpc.conformance.v1.Service.UnimplementedRequest;
import connectrpc.conformance.v1.Service.UnimplementedResponse;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.ClientStreamingServer;
import io.streamx.Metadata;
import io.streamx.ServerStream;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service as the suite describes it: answers what each request asks for, and says what came with it. */
final class ConformanceHandler implements ConformanceService {
    @Override
    public UnaryResponse unary(UnaryRequest request) throws Exception {
        return UnaryResponse.newBuilder()
                .setPayload(answer(request.getResponseDefinition(), List.of(Any.pack(request))))
                .build();
    }

    @Override
    public IdempotentUnaryResponse idempotentUnary(IdempotentUnaryRequest request) throws Exception {
        return IdempotentUnaryResponse.newBuilder()
                .setPayload(answer(request.getResponseDefinition(), List.of(Any.pack(request))))
                .build();
    }

    @Override
    public UnimplementedResponse unimplemented(UnimplementedRequest request) {
        throw new StatusException(StatusCode.UNIMPLEMENTED, "Unimplemented is not implemented");
    }

    private static ConformancePayload answer(UnaryResponseDefinition definition, List<Any> requests) throws Exception {
        CallContext call = CallContext.current();
        call.sendHeader(Entries.of(definition.getResponseHeadersList()));
        call.setTrailer(Entries.of(definition.getResponseTrailersList()));
        return payload(call, definition, requests);
    }

    private static ConformancePayload payload(CallContext call, UnaryResponseDefinition definition, List<Any> requests)
            throws Exception {
        Thread.sleep(definition.getResponseDelayMs());
        if (definition.hasError()) {
            throw failure(definition.getError(), info(call, requests));
        }
        return ConformancePayload.newBuilder()
                .setRequestInfo(info(call, requests))
                .setData(definition.getResponseData())
                .build();
    }

    private static RequestInfo info(CallContext call, List<Any> requests) {
        RequestInfo.Builder info = RequestInfo.newBuilder()
                .addAllRequestHeaders(Entries.headers(call.metadata()))
                .addAllRequests(requests);
        Duration remaining = call.remaining();
        if (remaining != null) {
            info.setTimeoutMs(remaining.toMillis());
        }
        return info.build();
    }

    private static StatusException failure(Error error, Message info) {
        return Entries.status(error.toBuilder().addDetails(Any.pack(info)).build());
    }

    @Override
    public void clientStream(ClientStreamingServer<ClientStreamRequest, ClientStreamResponse> stream) throws Exception {
        List<Any> requests = new ArrayList<>();
        UnaryResponseDefinition definition = UnaryResponseDefinition.getDefaultInstance();
        for (ClientStreamRequest request : stream) {
            if (requests.isEmpty()) {
                definition = request.getResponseDefinition();
            }
            requests.add(Any.pack(request));
        }
        stream.sendHeader(Entries.of(definition.getResponseHeadersList()));
        stream.setTrailer(Entries.of(definition.getResponseTrailersList()));
        stream.sendAndClose(ClientStreamResponse.newBuilder()
                .setPayload(payload(stream.call(), definition, requests))
                .build());
    }

    @Override
    public void serverStream(ServerStreamRequest request, ServerStreamingServer<ServerStreamResponse> stream)
            throws Exception {
        StreamResponseDefinition definition = request.getResponseDefinition();
        begin(stream, definition, true);
        RequestInfo info = info(stream.call(), List.of(Any.pack(request)));
        for (int i = 0; i < definition.getResponseDataCount(); i++) {
            Thread.sleep(definition.getResponseDelayMs());
            ConformancePayload.Builder payload = ConformancePayload.newBuilder().setData(definition.getResponseData(i));
            stream.send(ServerStreamResponse.newBuilder()
                    .setPayload(i == 0 ? payload.setRequestInfo(info) : payload)
                    .build());
        }
        end(definition, info);
    }

    private static void begin(ServerStream stream, StreamResponseDefinition definition, boolean atOnce) {
        Metadata header = Entries.of(definition.getResponseHeadersList());
        if (atOnce) {
            stream.sendHeader(header);
        } else {
            stream.setHeader(header);
        }
        stream.setTrailer(Entries.of(definition.getResponseTrailersList()));
    }

    private static void end(StreamResponseDefinition definition, RequestInfo info) {
        if (definition.hasError()) {
            throw definition.getResponseDataCount() == 0
                    ? failure(definition.getError(), info)
                    : Entries.status(definition.getError());
        }
    }

    @Override
    public void bidiStream(BidiStreamingServer<BidiStreamRequest, BidiStreamResponse> stream) throws Exception {
        BidiStreamRequest first = stream.recv();
        if (first == null) {
            return;
        }
        StreamResponseDefinition definition = first.getResponseDefinition();
        begin(stream, definition, first.getFullDuplex());
        List<Any> requests = new ArrayList<>();
        int sent = 0;
        for (BidiStreamRequest request = first; request != null; request = stream.recv()) {
            requests.add(Any.pack(request));
            if (first.getFullDuplex()) {
                if (sent >= definition.getResponseDataCount()) {
                    break;
                }
                RequestInfo info = sent == 0
                        ? info(stream.call(), requests)
                        : RequestInfo.newBuilder().addAllRequests(requests).build();
                send(stream, definition, sent++, info);
                requests.clear();
            }
        }
        while (sent < definition.getResponseDataCount()) {
            send(
                    stream,
                    definition,
                    sent,
                    sent == 0 ? info(stream.call(), requests) : RequestInfo.getDefaultInstance());
            sent++;
        }
        end(definition, info(stream.call(), requests));
    }

    private static void send(
            BidiStreamingServer<BidiStreamRequest, BidiStreamResponse> stream,
            StreamResponseDefinition definition,
            int index,
            RequestInfo info)
            throws InterruptedException {
        Thread.sleep(definition.getResponseDelayMs());
        ConformancePayload.Builder payload = ConformancePayload.newBuilder().setData(definition.getResponseData(index));
        stream.send(BidiStreamResponse.newBuilder()
                .setPayload(info.equals(RequestInfo.getDefaultInstance()) ? payload : payload.setRequestInfo(info))
                .build());
    }
}
