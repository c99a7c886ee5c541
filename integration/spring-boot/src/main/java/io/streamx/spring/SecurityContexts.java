package io.streamx.spring;

import io.streamx.CallContext;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.service.ContextStorage;
import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Gives handlers the security context of their caller, on tasks too that {@link CallContext#wrap} makes, and tells the caller
 * what Spring Security refuses while the handler runs.
 */
final class SecurityContexts implements ServerMiddleware {
    @Override
    public Step apply(Step next) {
        return (call, requestOrStream) -> {
            SecurityContextHolderStrategy holder = SecurityContextHolder.getContextHolderStrategy();
            Authentication caller = authentication(call.principal());
            if (caller == null) {
                return refusing(null, () -> next.proceed(call, requestOrStream));
            }
            SecurityContext context = holder.createEmptyContext();
            context.setAuthentication(caller);
            Supplier<ContextStorage.Scope> others = call.attribute(ContextStorage.SCOPES);
            call.setAttribute(ContextStorage.SCOPES, () -> current(context, holder, others));
            holder.setContext(context);
            try {
                return refusing(caller, () -> next.proceed(call, requestOrStream));
            } finally {
                holder.clearContext();
            }
        };
    }

    private static ContextStorage.Scope current(
            SecurityContext context,
            SecurityContextHolderStrategy holder,
            @Nullable Supplier<ContextStorage.Scope> others) {
        ContextStorage.Scope more = others == null ? () -> {} : others.get();
        SecurityContext before = holder.getContext();
        holder.setContext(context);
        return () -> {
            holder.setContext(before);
            more.close();
        };
    }

    /** The caller as Spring Security has callers; one whom another check has found has no authorities. */
    private static @Nullable Authentication authentication(@Nullable Principal principal) {
        if (principal == null || principal instanceof Authentication) {
            return (Authentication) principal;
        }
        return UsernamePasswordAuthenticationToken.authenticated(principal, null, AuthorityUtils.NO_AUTHORITIES);
    }

    /** The rest of a call. */
    private interface Rest {
        @Nullable
        Object proceed() throws Exception;
    }

    private static @Nullable Object refusing(@Nullable Authentication caller, Rest rest) throws Exception {
        try {
            return rest.proceed();
        } catch (AuthenticationException e) {
            throw unauthenticated(e);
        } catch (AccessDeniedException e) {
            boolean known = caller != null && !new AuthenticationTrustResolverImpl().isAnonymous(caller);
            throw new StatusException(
                    known ? StatusCode.PERMISSION_DENIED : StatusCode.UNAUTHENTICATED, text(e), List.of(), e);
        }
    }

    static StatusException unauthenticated(AuthenticationException refused) {
        return new StatusException(StatusCode.UNAUTHENTICATED, text(refused), List.of(), refused);
    }

    private static String text(RuntimeException refused) {
        String message = refused.getMessage();
        return message == null ? "refused" : message;
    }
}
