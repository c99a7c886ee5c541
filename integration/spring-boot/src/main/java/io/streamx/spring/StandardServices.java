package io.streamx.spring;

import io.streamx.grpc.services.HealthService;
import io.streamx.grpc.services.ReflectionService;
import io.streamx.server.Server;
import org.springframework.util.ClassUtils;

/** The services that tools of gRPC expect, where they are on the class path. One object belongs to one server. */
abstract sealed class StandardServices {
    /** Adds what the settings ask for to a server that is being built. */
    static StandardServices addTo(Server.Builder server, StreamXServerProperties settings) {
        ClassLoader loader = StandardServices.class.getClassLoader();
        return ClassUtils.isPresent("io.streamx.grpc.services.HealthService", loader)
                        && ClassUtils.isPresent("io.streamx.grpc.GrpcOptions", loader)
                ? new Present(server, settings)
                : new Missing();
    }

    /** Tells those who ask for the health that the server takes no more calls. */
    abstract void shutDown();

    private static final class Missing extends StandardServices {
        @Override
        void shutDown() {}
    }

    private static final class Present extends StandardServices {
        private final HealthService health = new HealthService();

        Present(Server.Builder server, StreamXServerProperties settings) {
            if (settings.health().enabled()) {
                server.service(health.definition());
            }
            if (settings.reflection().enabled()) {
                server.service(ReflectionService::of);
            }
        }

        @Override
        void shutDown() {
            health.shutDown();
        }
    }
}
