package com.example.armeria;

import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.client.logging.LoggingClient;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.logging.LoggingService;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.protobuf.SimpleRequest;
import io.grpc.testing.protobuf.SimpleResponse;
import io.grpc.testing.protobuf.SimpleServiceGrpc;
import io.grpc.testing.protobuf.SimpleServiceGrpc.SimpleServiceBlockingStub;
import java.time.Duration;

/** What one writes with Armeria. The guide "Coming from Armeria" shows the marked parts. */
final class Armeria {
    private Armeria() {}

    static final class Handler extends SimpleServiceGrpc.SimpleServiceImplBase {
        // --8<-- [start:handler]
        @Override
        public StreamObserver<SimpleRequest> bidiStreamingRpc(StreamObserver<SimpleResponse> replies) {
            ServiceRequestContext context = ServiceRequestContext.current();
            return new StreamObserver<>() {
                @Override
                public void onNext(SimpleRequest request) { // on an event loop, unless a blocking executor is set
                    context.setRequestTimeout(TimeoutMode.EXTEND, Duration.ofSeconds(10));
                    replies.onNext(SimpleResponse.newBuilder()
                            .setResponseMessage(request.getRequestMessage())
                            .build());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    replies.onCompleted();
                }
            };
        }
        // --8<-- [end:handler]
    }

    static void serve() {
        // --8<-- [start:server]
        Server server = Server.builder()
                .http(8888)
                .requestTimeout(Duration.ofSeconds(10)) // the default: whole streams too
                .service(
                        GrpcService.builder()
                                .addService(new Handler())
                                .useBlockingTaskExecutor(true)
                                .build(),
                        LoggingService.newDecorator())
                .gracefulShutdownTimeout(Duration.ofSeconds(2), Duration.ofSeconds(5))
                .build();
        server.start().join();
        // --8<-- [end:server]
    }

    static void call() {
        // --8<-- [start:client]
        SimpleServiceBlockingStub stub = GrpcClients.builder("gproto+http://127.0.0.1:8888/")
                .responseTimeout(Duration.ofSeconds(10))
                .decorator(LoggingClient.newDecorator())
                .build(SimpleServiceBlockingStub.class);
        SimpleResponse reply = stub.unaryRpc(
                SimpleRequest.newBuilder().setRequestMessage("ping").build());
        // --8<-- [end:client]
    }
}
