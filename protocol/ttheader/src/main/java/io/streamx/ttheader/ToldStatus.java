package io.streamx.ttheader;

import io.streamx.ApplicationException;
import io.streamx.StatusCode;
import io.streamx.ttheader.frame.StringKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * gRPC's code of a failure, which servers of StreamX for Java write beside an exception whose type does not tell it: the limits of
 * a server, and what a server says of callers that it does not know or that may not do this. Other peers do not look at it.
 */
public final class ToldStatus {
    private ToldStatus() {}

    /** Whether the code is one that no type of exception stands for. */
    public static boolean isTold(int statusCode) {
        return switch (statusCode) {
            case StatusCode.DEADLINE_EXCEEDED,
                    StatusCode.PERMISSION_DENIED,
                    StatusCode.RESOURCE_EXHAUSTED,
                    StatusCode.UNAUTHENTICATED -> true;
            default -> false;
        };
    }

    /** The entries with the code of {@code failure}, where it is told; else {@code entries} themselves. */
    public static Map<String, String> added(Map<String, String> entries, ApplicationException failure) {
        if (!isTold(failure.statusCode())) {
            return entries;
        }
        Map<String, String> all = new LinkedHashMap<>(entries);
        all.put(StringKey.STATUS, Integer.toString(failure.statusCode()));
        return all;
    }

    /** The exception with the code that its server has told beside it. */
    public static ApplicationException of(ApplicationException exception, Map<String, String> entries) {
        String status = entries.get(StringKey.STATUS);
        int code = number(status);
        return isTold(code) ? exception.withStatusCode(code) : exception;
    }

    private static int number(@Nullable String status) {
        if (status == null || status.length() > 2) {
            return StatusCode.UNKNOWN;
        }
        try {
            return Integer.parseInt(status);
        } catch (NumberFormatException e) {
            return StatusCode.UNKNOWN;
        }
    }
}
