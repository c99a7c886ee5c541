package io.streamx.spring;

import io.streamx.CallContext;
import io.streamx.auth.Authenticator;
import io.streamx.auth.CertificatePrincipal;
import io.streamx.auth.TokenVerifier;
import io.streamx.spring.StreamXSecurityProperties.Mechanism;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.security.authentication.AccountStatusUserDetailsChecker;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.ClassUtils;

/**
 * Finds out with Spring Security who calls, in the order of the mechanisms that are set. The principal of a call is its {@link
 * Authentication}.
 */
final class CallerAuthentication implements Authenticator {
    private final Authenticator mechanisms;

    private CallerAuthentication(Authenticator mechanisms) {
        this.mechanisms = mechanisms;
    }

    /**
     * The check that the settings ask for.
     *
     * @throws StreamXSetupException when no bean checks what callers may come with
     */
    static CallerAuthentication of(StreamXSecurityProperties settings, ListableBeanFactory beans) {
        Authenticator all = call -> null;
        for (Mechanism mechanism : settings.mechanisms()) {
            all = all.or(
                    switch (mechanism) {
                        case BEARER -> Authenticator.bearer(bearer(beans));
                        case BASIC -> basic(beans);
                        case X509 -> x509(beans);
                    });
        }
        if (!settings.required()) {
            Authentication anonymous = new AnonymousAuthenticationToken(
                    "streamx", "anonymousUser", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
            all = all.or(call -> anonymous);
        }
        return new CallerAuthentication(all);
    }

    @Override
    public @Nullable Principal authenticate(CallContext call) throws Exception {
        try {
            return mechanisms.authenticate(call);
        } catch (AuthenticationServiceException brokenCheck) {
            // The store of users cannot be reached, which says nothing about this caller. So the failure is not one
            // of the caller's credentials.
            throw brokenCheck;
        } catch (AuthenticationException refused) {
            throw SecurityContexts.unauthenticated(refused);
        }
    }

    // ---- bearer tokens ----

    private static TokenVerifier bearer(ListableBeanFactory beans) {
        AuthenticationManager manager =
                beans.getBeanProvider(AuthenticationManager.class).getIfUnique();
        if (ClassUtils.isPresent(
                "org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken",
                CallerAuthentication.class.getClassLoader())) {
            TokenVerifier tokens = BearerTokens.of(beans, manager);
            if (tokens != null) {
                return tokens;
            }
        }
        throw missing(
                "bearer",
                "a JwtDecoder (spring.security.oauth2.resourceserver.jwt.issuer-uri makes one),"
                        + " an OpaqueTokenIntrospector or an AuthenticationManager, and"
                        + " spring-boot-starter-security-oauth2-resource-server");
    }

    // ---- names and passwords ----

    private static Authenticator basic(ListableBeanFactory beans) {
        AuthenticationManager manager =
                beans.getBeanProvider(AuthenticationManager.class).getIfUnique();
        if (manager == null) {
            UserDetailsService users =
                    beans.getBeanProvider(UserDetailsService.class).getIfUnique();
            if (users == null) {
                throw missing("basic", "an AuthenticationManager or a UserDetailsService");
            }
            DaoAuthenticationProvider provider = new DaoAuthenticationProvider(users);
            beans.getBeanProvider(PasswordEncoder.class).ifUnique(provider::setPasswordEncoder);
            manager = new ProviderManager(provider);
        }
        AuthenticationManager checks = manager;
        return Authenticator.basic((user, password, call) ->
                checks.authenticate(UsernamePasswordAuthenticationToken.unauthenticated(user, password)));
    }

    // ---- certificates ----

    private static Authenticator x509(ListableBeanFactory beans) {
        UserDetailsService users =
                beans.getBeanProvider(UserDetailsService.class).getIfUnique();
        return call -> {
            List<X509Certificate> chain = call.peerCertificates();
            if (chain.isEmpty()) {
                return null;
            }
            CertificatePrincipal owner = CertificatePrincipal.of(chain.getFirst());
            return users == null
                    ? UsernamePasswordAuthenticationToken.authenticated(
                            owner, owner.certificate(), AuthorityUtils.NO_AUTHORITIES)
                    : owned(owner, users);
        };
    }

    private static Authentication owned(CertificatePrincipal owner, UserDetailsService users) {
        try {
            UserDetails user = users.loadUserByUsername(owner.getName());
            new AccountStatusUserDetailsChecker().check(user);
            return UsernamePasswordAuthenticationToken.authenticated(user, owner.certificate(), user.getAuthorities());
        } catch (UsernameNotFoundException e) {
            throw Authenticator.unauthenticated("no user is named " + owner.getName() + ", as the certificate is");
        }
    }

    private static StreamXSetupException missing(String mechanism, String wanted) {
        return new StreamXSetupException(
                "streamx.server.security.mechanisms has " + mechanism + ", and no bean checks such callers.",
                "Declare " + wanted + ".");
    }
}
