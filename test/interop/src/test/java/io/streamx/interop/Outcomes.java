package io.streamx.interop;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.StreamEndedException;
import io.streamx.StreamException;
import io.streamx.interop.scenario.Declared;
import io.streamx.interop.scenario.Other;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Outcomes in the words that both languages use; {@code test/interop/README.md} lists them. */
final class Outcomes {
    static final String OK = "ok";
    static final String END = "end";

    private Outcomes() {}

    static String describe(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> OK;
            // Kitex has one error for this and for a send after closeSend, which is the cause.
            case StreamEndedException e -> describe(e.getCause());
            case BizStatusException e ->
                "biz " + e.code() + " " + e.bizMessage() + " " + describe(e.extra()) + describeStatusOf(e);
            case Declared e -> "declared Declared reason=" + e.reason() + " code=" + e.code();
            case Other e -> "declared Other detail=" + e.detail();
            case StreamException e ->
                "stream " + e.code() + " " + e.kind().name().toLowerCase(Locale.ROOT) + " " + e.getMessage();
            case StatusException e -> "status " + e.code() + " " + e.statusMessage() + describe(e.details());
            case RpcTimeoutException e -> "timeout " + e.getMessage();
            case ApplicationException e -> "application " + e.type() + " " + e.getMessage();
            default -> "rpc " + failure.getMessage();
        };
    }

    /** The status a business error came with, where it is another than the usual one. */
    private static String describeStatusOf(BizStatusException failure) {
        StatusException status = failure.status();
        return status == null
                        || status.code() == StatusCode.INTERNAL
                                && status.details().isEmpty()
                ? ""
                : " status " + status.code() + describe(status.details());
    }

    /** Type and bytes of each detail, so that no peer has to know its message. */
    private static String describe(List<StatusDetail> details) {
        return details.stream()
                .map(detail -> " detail " + detail.typeUrl() + " " + hex(detail.value()))
                .collect(Collectors.joining());
    }

    private static String hex(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Entries sorted by key, so that they compare. */
    static String describe(Map<String, String> entries) {
        return new TreeMap<>(entries).toString();
    }
}
