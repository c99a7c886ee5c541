package io.streamx.nacos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Heard;
import io.streamx.registry.KitexContract;
import io.streamx.registry.KitexPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kitex' registry-nacos v2.0.0, which speaks gRPC, and the stub of Nacos. */
class NacosKitex2Test extends KitexContract {
    private static NacosStub nacos;

    @BeforeAll
    static void startNacos() throws IOException {
        nacos = new NacosStub();
    }

    @AfterAll
    static void stopNacos() {
        nacos.close();
    }

    @Override
    protected Registry registry() {
        return here();
    }

    @Override
    protected Resolver resolver() {
        return here();
    }

    private static NacosRegistry here() {
        return NacosRegistry.of(nacos.hostAndPort()).withLook(Duration.ofMillis(200));
    }

    @Override
    protected String kind() {
        return "nacos2";
    }

    @Override
    protected String address() {
        return nacos.hostAndPort();
    }

    private static JsonNode sent(int port) throws IOException {
        for (String one : nacos.grpc().registered()) {
            JsonNode read = NacosRecords.JSON.readTree(one);
            if (read.path("port").asInt() == port) {
                return read;
            }
        }
        throw new AssertionError(
                "port " + port + " was not registered: " + nacos.grpc().registered());
    }

    @Test
    void theRecordsOfKitexAndOfJavaSayTheSame() throws Exception {
        Heard heard = new Heard();
        Instance self = Instance.of("127.0.0.1:9").withWeight(30).withTag("zone", "north");
        try (Resolver.Watch watch = here().watch("same", heard);
                Registry.Registration java = here().register("same", self);
                KitexPeer kitex = KitexPeer.serve(kind(), address(), "same", "kitex", 30, "zone=north")) {
            heard.await(found -> found.size() == 2);
            JsonNode ofKitex = sent(Instance.of(kitex.address()).port());
            JsonNode ofJava = sent(9);
            for (String field : List.of("ip", "enabled", "healthy", "ephemeral", "clusterName", "metadata")) {
                assertThat(ofJava.get(field)).as(field).isNotNull().isEqualTo(ofKitex.get(field));
            }
            // 30.0 and 30, as the two clients of Nacos write a double.
            assertThat(ofJava.get("weight").asDouble())
                    .isEqualTo(ofKitex.get("weight").asDouble());
            assertThat(watch).isNotSameAs(java);
        }
    }
}
