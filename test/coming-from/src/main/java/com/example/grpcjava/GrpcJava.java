package com.example.grpcjava;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.protobuf.SimpleRequest;
import io.grpc.testing.protobuf.SimpleResponse;
import io.grpc.testing.protobuf.SimpleServiceGrpc;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What one writes with grpc-java. The guide "Coming from grpc-java" shows the marked parts. */
final class GrpcJava {
    private GrpcJava() {}

    static SimpleResponse reply(SimpleRequest request) {
        return SimpleResponse.newBuilder().setResponseMessage(request.getRequestMessage()).build();
    }

    static final class Handler extends SimpleServiceGrpc.SimpleServiceImplBase {
        // --8<-- [start:handler]
        @Override
        public StreamObserver<SimpleRequest> bidiStreamingRpc(StreamObserver<SimpleResponse> replies) {
            return new StreamObserver<>() {
                @Override
                public void onNext(SimpleRequest request) {
                    replies.onNext(reply(request)); // queues when the client reads slowly
                }

                @Override
                public void onError(Throwable failure) {} // the client has cancelled

                @Override
                public void onCompleted() {
                    replies.onCompleted();
                }
            };
        }
        // --8<-- [end:handler]

        // --8<-- [start:ready]
        @Override
        public void serverStreamingRpc(SimpleRequest request, StreamObserver<SimpleResponse> replies) {
            var call = (ServerCallStreamObserver<SimpleResponse>) replies;
            Iterator<SimpleResponse> pages = pagesOf(request);
            Runnable drain = () -> {
                while (call.isReady() && pages.hasNext()) {
                    call.onNext(pages.next());
                }
                if (!pages.hasNext()) {
                    call.onCompleted();
                }
            };
            call.setOnReadyHandler(drain);
        }
        // --8<-- [end:ready]

        private static Iterator<SimpleResponse> pagesOf(SimpleRequest request) {
            return java.util.List.of(reply(request)).iterator();
        }
    }

    static void talk(SimpleServiceGrpc.SimpleServiceStub stub, SimpleRequest request) throws InterruptedException {
        // --8<-- [start:client]
        CountDownLatch over = new CountDownLatch(1);
        StreamObserver<SimpleRequest> requests = stub.bidiStreamingRpc(new StreamObserver<>() {
            @Override
            public void onNext(SimpleResponse reply) {
                System.out.println(reply.getResponseMessage());
            }

            @Override
            public void onError(Throwable failure) {
                System.out.println(Status.fromThrowable(failure));
                over.countDown();
            }

            @Override
            public void onCompleted() {
                over.countDown();
            }
        });
        requests.onNext(request);
        requests.onCompleted();
        over.await();
        // --8<-- [end:client]
    }

    static void deadline(SimpleServiceGrpc.SimpleServiceBlockingStub stub, SimpleRequest request) {
        // --8<-- [start:deadline]
        try {
            stub.withDeadlineAfter(1, TimeUnit.SECONDS).unaryRpc(request);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                System.out.println("too late");
            }
        }
        // --8<-- [end:deadline]
    }

    // --8<-- [start:server-interceptor]
    static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    static final Context.Key<String> USER = Context.key("user");

    static final class Authenticating implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String token = headers.get(TOKEN);
            if (token == null) {
                call.close(Status.UNAUTHENTICATED.withDescription("no token"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            Context context = Context.current().withValue(USER, "user of " + token);
            return Contexts.interceptCall(context, call, headers, next);
        }
    }
    // --8<-- [end:server-interceptor]

    // --8<-- [start:client-interceptor]
    static final class Presenting implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(
                MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    headers.put(TOKEN, "s3cret");
                    super.start(listener, headers);
                }
            };
        }
    }
    // --8<-- [end:client-interceptor]
}
