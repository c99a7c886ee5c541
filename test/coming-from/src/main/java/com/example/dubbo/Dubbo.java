package com.example.dubbo;

import org.apache.dubbo.common.constants.CommonConstants;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.config.bootstrap.builders.ReferenceBuilder;
import org.apache.dubbo.config.bootstrap.builders.ServiceBuilder;
import org.apache.dubbo.rpc.Filter;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.TriRpcStatus;
import org.apache.dubbo.rpc.protocol.tri.CancelableStreamObserver;

/** What one writes with Dubbo's Triple. The guide "Coming from Dubbo Triple" shows the marked parts. */
final class Dubbo {
    private Dubbo() {}

    // --8<-- [start:interface]
    public interface TestService {
        String pingPong(String request);

        StreamObserver<String> echo(StreamObserver<String> replies);

        void echoServer(String request, StreamObserver<String> replies);
    }
    // --8<-- [end:interface]

    static final class Handler implements TestService {
        @Override
        public String pingPong(String request) {
            String user = RpcContext.getServerAttachment().getAttachment("user");
            if (user == null) {
                throw TriRpcStatus.fromCode(TriRpcStatus.Code.UNAUTHENTICATED).withDescription("who are you?").asException();
            }
            return request + " for " + user;
        }

        // --8<-- [start:handler]
        @Override
        public StreamObserver<String> echo(StreamObserver<String> replies) {
            RpcContext.getCancellationContext().addListener(context -> System.out.println("the caller has left"));
            return new StreamObserver<>() {
                @Override
                public void onNext(String request) {
                    replies.onNext(request); // does not wait for a slow reader
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

        @Override
        public void echoServer(String request, StreamObserver<String> replies) {
            for (int i = 0; i < 3; i++) {
                replies.onNext(request + i);
            }
            replies.onCompleted();
        }
    }

    static void serve() {
        // --8<-- [start:server]
        DubboBootstrap.getInstance()
                .application("echo")
                .protocol(new ProtocolConfig(CommonConstants.TRIPLE, 8888))
                .service(ServiceBuilder.<TestService>newBuilder()
                        .interfaceClass(TestService.class)
                        .ref(new Handler())
                        .build())
                .start()
                .await();
        // --8<-- [end:server]
    }

    static void call() {
        // --8<-- [start:client]
        ReferenceConfig<TestService> reference = ReferenceBuilder.<TestService>newBuilder()
                .interfaceClass(TestService.class)
                .url("tri://127.0.0.1:8888")
                .timeout(1000) // unary calls; streams have no limit
                .build();
        TestService echo = reference.get();

        RpcContext.getClientAttachment().setAttachment("user", "ann"); // for the next call of this thread
        System.out.println(echo.pingPong("ping"));

        CancelableStreamObserver<String> replies = new CancelableStreamObserver<>() {
            @Override
            public void onNext(String reply) {
                cancel(new IllegalStateException("the first is enough"));
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
        StreamObserver<String> requests = echo.echo(replies);
        requests.onNext("hello");
        requests.onCompleted();
        // --8<-- [end:client]
    }

    // --8<-- [start:filter]
    static final class Refusing implements Filter { // and a file META-INF/dubbo/org.apache.dubbo.rpc.Filter
        @Override
        public Result invoke(Invoker<?> invoker, Invocation invocation) throws RpcException {
            if (invocation.getAttachment("token") == null) {
                throw TriRpcStatus.fromCode(TriRpcStatus.Code.UNAUTHENTICATED).withDescription("no token").asException();
            }
            return invoker.invoke(invocation);
        }
    }
    // --8<-- [end:filter]
}
