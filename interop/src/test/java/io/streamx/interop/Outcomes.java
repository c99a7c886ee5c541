package io.streamx.interop;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.RpcTimeoutException;
import io.streamx.StreamException;
import io.streamx.interop.scenario.Declared;
import io.streamx.interop.scenario.Other;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Outcomes in the words that both languages use; {@code interop/README.md} lists them. */
final class Outcomes {
    static final String OK = "ok";
    static final String END = "end";

    private Outcomes() {}

    static String describe(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> OK;
            case BizStatusException e -> "biz " + e.code() + " " + e.bizMessage() + " " + describe(e.extra());
            case Declared e -> "declared Declared reason=" + e.reason() + " code=" + e.code();
            case Other e -> "declared Other detail=" + e.detail();
            case StreamException e ->
                "stream " + e.code() + " " + e.kind().name().toLowerCase(Locale.ROOT) + " " + e.getMessage();
            case RpcTimeoutException e -> "timeout " + e.getMessage();
            case ApplicationException e -> "application " + e.type() + " " + e.getMessage();
            default -> "rpc " + failure.getMessage();
        };
    }

    /** Entries sorted by key, so that they compare. */
    static String describe(Map<String, String> entries) {
        return new TreeMap<>(entries).toString();
    }
}
