package io.streamx.spring;

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
