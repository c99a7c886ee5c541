package io.streamx.spring;

import io.streamx.auth.TokenVerifier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.util.ClassUtils;

/** Checks bearer tokens with what the resource server of Spring Security has. Used only where that is on the class path. */
final class BearerTokens {
    private BearerTokens() {}

    /** A check by the decoder or the introspector among the beans, or else by {@code manager}; null without any of them. */
    static @Nullable TokenVerifier of(ListableBeanFactory beans, @Nullable AuthenticationManager manager) {
        AuthenticationManager checks = ofDecoder(beans);
        if (checks == null) {
            OpaqueTokenIntrospector introspector =
                    beans.getBeanProvider(OpaqueTokenIntrospector.class).getIfUnique();
            checks = introspector != null
                    ? new ProviderManager(new OpaqueTokenAuthenticationProvider(introspector))
                    : manager;
        }
        AuthenticationManager used = checks;
        return used == null ? null : (token, call) -> used.authenticate(new BearerTokenAuthenticationToken(token));
    }

    private static @Nullable AuthenticationManager ofDecoder(ListableBeanFactory beans) {
        if (!ClassUtils.isPresent(
                "org.springframework.security.oauth2.jwt.JwtDecoder", BearerTokens.class.getClassLoader())) {
            return null;
        }
        return Jwts.manager(beans);
    }

    /** A class of its own, because the classes of JWT may be missing where tokens are opaque. */
    private static final class Jwts {
        static @Nullable AuthenticationManager manager(ListableBeanFactory beans) {
            JwtDecoder decoder = beans.getBeanProvider(JwtDecoder.class).getIfUnique();
            if (decoder == null) {
                return null;
            }
            JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
            Converter<Jwt, ? extends AbstractAuthenticationToken> converter =
                    beans.getBeanProvider(JwtAuthenticationConverter.class).getIfUnique();
            if (converter != null) {
                provider.setJwtAuthenticationConverter(converter);
            }
            return new ProviderManager(provider);
        }
    }
}
