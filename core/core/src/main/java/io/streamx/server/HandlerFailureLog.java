package io.streamx.server;

import io.streamx.BizStatusException;
import io.streamx.DeclaredException;
import io.streamx.StatusException;
import io.streamx.UnimplementedException;
import io.streamx.wire.Logs;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.Thrown;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of calls whose handler or middleware threw, and nowhere else:
 *
 * <ul>
 *   <li>Outcomes that somebody chose are no warnings: business errors, also those that caused what was thrown, exceptions of the
 *       IDL, statuses, methods left out, and all that follows from a cancel. They are lines of level DEBUG.
 *   <li>A message that cannot be decoded is its sender's fault: one line without a stack trace.
 *   <li>Everything else is a warning with its stack trace.
 * </ul>
 *
 * <p>Warnings of one method and one class of exception are rate-limited ({@link RepeatedLines}). No line has a payload or a
 * value of metadata, except where an exception's own text has. Safe from any thread.
 */
final class HandlerFailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final RepeatedLines repeated;

    /** {@code nanos} is the clock of the rate limit. */
    HandlerFailureLog(LongSupplier nanos) {
        repeated = new RepeatedLines(nanos);
    }

    void tell(ServerCallContext context, Throwable failure) {
        if (context.isCancelled() || isChosen(failure)) {
            if (Logs.isDebugEnabled(LOG)) {
                Logs.debug(LOG, "{}.{} ended with {}", context.service(), context.method(), oneLine(failure));
            }
            return;
        }
        String method = context.service() + "." + context.method();
        boolean unreadable = context.isDecodingFailure(failure);
        String what = unreadable
                ? "a message that cannot be read"
                : failure.getClass().getName();
        long untold = repeated.untoldBefore((context.isListed() ? method : "") + " " + what);
        if (untold == RepeatedLines.HELD_BACK) {
            if (Logs.isDebugEnabled(LOG)) {
                Logs.debug(LOG, "{} failed with {}", method, oneLine(failure));
            }
            return;
        }
        String more = untold == 0 ? "" : "; so did " + untold + " more calls since the last such line";
        if (unreadable) {
            Logs.warn(
                    LOG,
                    "{}: {} sent a message that cannot be read: {}{}",
                    method,
                    context.remoteAddress(),
                    oneLine(failure),
                    more);
        } else {
            Logs.warn(LOG, "{}, called from {}, failed{}", method, context.remoteAddress(), more, failure);
        }
    }

    /** The text of a failure, which may have names in it that a peer has chosen: no line of theirs may look like the log's. */
    private static String oneLine(Throwable failure) {
        return CONTROL.matcher(Thrown.text(failure)).replaceAll("?");
    }

    private static boolean isChosen(Throwable failure) {
        return failure instanceof DeclaredException
                || failure instanceof StatusException
                || failure instanceof UnimplementedException
                || Thrown.find(BizStatusException.class, failure, true) != null;
    }
}
