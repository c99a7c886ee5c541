package io.streamx.server;

import io.streamx.CallContext;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.auth.Authenticator;
import io.streamx.endpoint.ForMethods;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ServerCallContext;
import java.security.Principal;
import java.util.List;

/** Finds out who calls, before anything of a call is run. Safe from any thread. */
final class CallerChecks {
    private final List<ForMethods<Authenticator>> all;

    CallerChecks(List<ForMethods<Authenticator>> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Makes every check that is for {@code method}, in the order in which they were registered. Who the last of them finds is the
     * principal of the call. On the thread of the handler.
     *
     * @param failures is told of checks that failed themselves
     * @throws StatusException to refuse the call
     */
    void check(MethodDescriptor<?, ?> method, ServerCallContext context, HandlerFailureLog failures) {
        // No array or map is kept for each method, because the methods that peers make up are without end.
        for (ForMethods<Authenticator> one : all) {
            if (one.methods().test(method)) {
                context.setAttribute(CallContext.PRINCIPAL, found(one.middleware(), context, failures));
            }
        }
    }

    private static Principal found(Authenticator authenticator, ServerCallContext context, HandlerFailureLog failures) {
        Principal found;
        try {
            found = authenticator.authenticate(context);
        } catch (StatusException refused) {
            throw refused;
        } catch (Throwable failure) {
            failures.tell(context, failure);
            // The text of the failure is not for a caller that nobody knows.
            throw new StatusException(
                    StatusCode.INTERNAL,
                    "the caller of " + name(context) + " could not be checked",
                    List.of(),
                    failure);
        }
        if (found == null) {
            throw Authenticator.unauthenticated("the caller of " + name(context)
                    + " is not known (expected: credentials, or a client certificate, that this server takes)");
        }
        return found;
    }

    private static String name(ServerCallContext context) {
        return context.service() + "." + context.method();
    }
}
