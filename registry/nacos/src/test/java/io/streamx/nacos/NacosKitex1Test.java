package io.streamx.nacos;

import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.KitexContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Kitex' registry-nacos v0.1.2, which speaks HTTP, and the stub of Nacos; Java beside it speaks gRPC. */
class NacosKitex1Test extends KitexContract {
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
        return "nacos1";
    }

    @Override
    protected String address() {
        return nacos.hostAndPort();
    }

    @Override
    protected Map<String, String> addedTags() {
        return Map.of("cloudwego.nacos.client", "kitex");
    }
}
