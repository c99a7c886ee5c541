package io.streamx.spring;

import io.streamx.service.MethodDescriptor;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of Spring Security for the server of the application.
 *
 * @param enabled Whether handlers have the security context of their caller, where Spring Security is on the class path.
 * @param mechanisms What callers may come with; nobody is asked by default.
 * @param required Whether callers without any of it are refused; otherwise they are anonymous.
 * @param openServices Full names of services that anybody may call.
 */
@ConfigurationProperties("streamx.server.security")
record StreamXSecurityProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<Mechanism> mechanisms,
        @DefaultValue("true") boolean required,
        @DefaultValue("grpc.health.v1.Health") List<String> openServices) {

    /**
     * Whether anybody may call a method. Package and service are compared each by itself, because a TTHeader caller of a method
     * that no service has gives its service any name, with dots in it too.
     */
    boolean isOpen(MethodDescriptor<?, ?> method) {
        return openServices.stream().anyMatch(open -> {
            int dot = open.lastIndexOf('.');
            return method.service().equals(open.substring(dot + 1))
                    && method.grpcPackage().equals(dot < 0 ? "" : open.substring(0, dot));
        });
    }

    /** What callers may come with. */
    enum Mechanism {
        /** A bearer token, which a JwtDecoder, an OpaqueTokenIntrospector or an AuthenticationManager checks. */
        BEARER,
        /** A name and a password, which an AuthenticationManager or a UserDetailsService checks. */
        BASIC,
        /** A client certificate; a UserDetailsService, where there is one, says what its owner may. */
        X509
    }
}
