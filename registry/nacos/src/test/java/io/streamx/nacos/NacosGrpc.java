package io.streamx.nacos;

import com.alibaba.nacos.api.grpc.auto.BiRequestStreamGrpc;
import com.alibaba.nacos.api.grpc.auto.Metadata;
import com.alibaba.nacos.api.grpc.auto.Payload;
import com.alibaba.nacos.api.grpc.auto.RequestGrpc;
import com.alibaba.nacos.shaded.com.google.protobuf.Any;
import com.alibaba.nacos.shaded.com.google.protobuf.ByteString;
import com.alibaba.nacos.shaded.io.grpc.Context;
import com.alibaba.nacos.shaded.io.grpc.Contexts;
import com.alibaba.nacos.shaded.io.grpc.Grpc;
import com.alibaba.nacos.shaded.io.grpc.Server;
import com.alibaba.nacos.shaded.io.grpc.ServerCall;
import com.alibaba.nacos.shaded.io.grpc.ServerCallHandler;
import com.alibaba.nacos.shaded.io.grpc.ServerInterceptor;
import com.alibaba.nacos.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import com.alibaba.nacos.shaded.io.grpc.stub.StreamObserver;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plays the gRPC API of Nacos 2 and 3, as far as nacos-client 3.2.1 and nacos-sdk-go v2.3.2 were seen to use it: JSON in a
 * Payload, questions by a unary method, pushes on a stream of each connection, whose end takes its instances out.
 */
final class NacosGrpc {
    private static final Context.Key<String> PEER = Context.key("peer");
    private static final int NOT_FOUND = 300;

    private final NacosRecords records;
    private final List<String> registered = new CopyOnWriteArrayList<>();
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private final AtomicLong requestIds = new AtomicLong();
    /** The token that requests must carry; empty for none. */
    private volatile String token = "";

    private Server server;
    private ExecutorService threads;

    /** One peer: what it follows, and the stream on which it is told. */
    private static final class Connection {
        private final Set<String> services = ConcurrentHashMap.newKeySet();
        /** By name, in which namespace the client asked for the text: it is told of changes in those words. */
        private final Map<String, String> texts = new ConcurrentHashMap<>();

        private volatile StreamObserver<Payload> pushes;

        void push(Payload payload) {
            StreamObserver<Payload> current = pushes;
            if (current != null) {
                synchronized (this) {
                    try {
                        current.onNext(payload);
                    } catch (IllegalStateException ended) {
                        pushes = null;
                    }
                }
            }
        }
    }

    NacosGrpc(NacosRecords records) {
        this.records = records;
        records.onService(this::pushService);
        records.onText(this::pushText);
    }

    void start(int port) throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .executor(threads)
                .intercept(new WhoAsks())
                .addService(new Questions())
                .addService(new Pushes())
                .build()
                .start();
    }

    void stop() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination();
        threads.shutdownNow();
    }

    void requireToken(String newToken) {
        token = newToken;
    }

    /** The instances that were registered, as they came. */
    List<String> registered() {
        return List.copyOf(registered);
    }

    private static final class WhoAsks implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call,
                com.alibaba.nacos.shaded.io.grpc.Metadata headers,
                ServerCallHandler<Q, A> next) {
            String peer = String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
        }
    }

    private final class Questions extends RequestGrpc.RequestImplBase {
        @Override
        public void request(Payload question, StreamObserver<Payload> answer) {
            String type = question.getMetadata().getType();
            JsonNode body = json(question);
            String given = question.getMetadata().getHeadersOrDefault("accessToken", "");
            boolean refused = !token.isEmpty()
                    && !token.equals(given)
                    && !type.startsWith("ServerCheck")
                    && !type.startsWith("Health");
            answer.onNext(refused ? forbidden() : answer(type, body, PEER.get()));
            answer.onCompleted();
        }
    }

    private final class Pushes extends BiRequestStreamGrpc.BiRequestStreamImplBase {
        @Override
        public StreamObserver<Payload> requestBiStream(StreamObserver<Payload> pushes) {
            String peer = PEER.get();
            Connection connection = connections.computeIfAbsent(peer, unused -> new Connection());
            return new StreamObserver<>() {
                @Override
                public void onNext(Payload message) {
                    if (message.getMetadata().getType().equals("ConnectionSetupRequest")) {
                        connection.pushes = pushes;
                    }
                }

                @Override
                public void onError(Throwable cause) {
                    end();
                }

                @Override
                public void onCompleted() {
                    end();
                    pushes.onCompleted();
                }

                private void end() {
                    connections.remove(peer);
                    records.removeOf(peer);
                }
            };
        }
    }

    private Payload answer(String type, JsonNode body, String peer) {
        String group = body.path("groupName").asText(body.path("group").asText());
        String service = body.path("serviceName").asText();
        Connection connection = connections.computeIfAbsent(peer, unused -> new Connection());
        ObjectNode answer = ok();
        switch (type) {
            case "ServerCheckRequest" -> {
                answer.put("connectionId", peer).put("supportAbilityNegotiation", false);
                return payload("ServerCheckResponse", answer);
            }
            case "HealthCheckRequest" -> {
                return payload("HealthCheckResponse", answer);
            }
            case "InstanceRequest" -> {
                ObjectNode instance = (ObjectNode) body.path("instance");
                if (body.path("type").asText().equals("registerInstance")) {
                    registered.add(instance.toString());
                    records.put(group, service, peer, instance);
                } else {
                    records.remove(
                            group,
                            service,
                            instance.path("ip").asText() + ":"
                                    + instance.path("port").asInt());
                }
                return payload(
                        "InstanceResponse", answer.put("type", body.path("type").asText()));
            }
            case "ServiceQueryRequest" -> {
                answer.set(
                        "serviceInfo",
                        records.service(group, service, body.path("cluster").asText("")));
                return payload("QueryServiceResponse", answer);
            }
            case "SubscribeServiceRequest" -> {
                String name = group + "@@" + service;
                if (body.path("subscribe").asBoolean()) {
                    connection.services.add(name);
                } else {
                    connection.services.remove(name);
                }
                answer.set(
                        "serviceInfo",
                        records.service(group, service, body.path("clusters").asText("")));
                return payload("SubscribeServiceResponse", answer);
            }
            case "ConfigQueryRequest" -> {
                String text = records.text(group, body.path("dataId").asText());
                if (text == null) {
                    answer.put("resultCode", 500).put("errorCode", NOT_FOUND).put("message", "config data not exist");
                } else {
                    answer.put("content", text)
                            .put("md5", NacosRecords.md5(text))
                            .put("contentType", "json");
                }
                return payload("ConfigQueryResponse", answer);
            }
            case "ConfigBatchListenRequest" -> {
                ArrayNode changed = answer.putArray("changedConfigs");
                for (JsonNode one : body.path("configListenContexts")) {
                    String name = one.path("group").asText() + "@@"
                            + one.path("dataId").asText();
                    if (!body.path("listen").asBoolean()) {
                        connection.texts.remove(name);
                        continue;
                    }
                    connection.texts.put(name, one.path("tenant").asText(""));
                    String text = records.text(
                            one.path("group").asText(), one.path("dataId").asText());
                    if (!NacosRecords.md5(text).equals(one.path("md5").asText(""))) {
                        changed.addObject()
                                .put("group", one.path("group").asText())
                                .put("dataId", one.path("dataId").asText())
                                .put("tenant", one.path("tenant").asText(""));
                    }
                }
                return payload("ConfigChangeBatchListenResponse", answer);
            }
            default -> {
                answer.put("resultCode", 500).put("errorCode", 500).put("message", "not played: " + type);
                return payload("ErrorResponse", answer);
            }
        }
    }

    private void pushService(String group, String service) {
        connections.values().forEach(connection -> {
            if (connection.services.contains(group + "@@" + service)) {
                ObjectNode push = NacosRecords.JSON.createObjectNode();
                push.put("requestId", Long.toString(requestIds.incrementAndGet()));
                push.put("module", "naming").put("namespace", "public");
                push.put("serviceName", service).put("groupName", group);
                push.set("serviceInfo", records.service(group, service, ""));
                connection.push(payload("NotifySubscriberRequest", push));
            }
        });
    }

    private void pushText(String group, String dataId) {
        connections.values().forEach(connection -> {
            String tenant = connection.texts.get(group + "@@" + dataId);
            if (tenant != null) {
                ObjectNode push = NacosRecords.JSON.createObjectNode();
                push.put("requestId", Long.toString(requestIds.incrementAndGet()))
                        .put("module", "config");
                push.put("dataId", dataId).put("group", group).put("tenant", tenant);
                connection.push(payload("ConfigChangeNotifyRequest", push));
            }
        });
    }

    private static ObjectNode ok() {
        return NacosRecords.JSON
                .createObjectNode()
                .put("resultCode", 200)
                .put("errorCode", 0)
                .put("success", true);
    }

    private static Payload forbidden() {
        return payload(
                "ErrorResponse",
                NacosRecords.JSON
                        .createObjectNode()
                        .put("resultCode", 500)
                        .put("errorCode", 403)
                        .put("success", false)
                        .put("message", "user not found!"));
    }

    private static JsonNode json(Payload payload) {
        try {
            return NacosRecords.JSON.readTree(payload.getBody().getValue().toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Payload payload(String type, ObjectNode body) {
        return Payload.newBuilder()
                .setMetadata(Metadata.newBuilder().setType(type).setClientIp("127.0.0.1"))
                .setBody(Any.newBuilder()
                        .setValue(ByteString.copyFrom(body.toString().getBytes(StandardCharsets.UTF_8))))
                .build();
    }
}
