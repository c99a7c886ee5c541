package io.streamx.ttheader;

import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.wire.BizExtra;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A business error as the string entries of a reply or of a stream's trailer.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "10. Handler results"; kitex pkg/transmeta/ttheader.go.
 */
public final class BizStatusEntries {
    private BizStatusEntries() {}

    /** Adds the entries that carry {@code error} to {@code entries}. */
    public static void add(BizStatusException error, Map<String, String> entries) {
        entries.put(StringKey.BIZ_STATUS, Integer.toString(error.code()));
        entries.put(StringKey.BIZ_MESSAGE, error.bizMessage());
        if (!error.extra().isEmpty()) {
            entries.put(StringKey.BIZ_EXTRA, BizExtra.write(error.extra()));
        }
    }

    /**
     * The business error that {@code entries} carry; null when they carry none. A code of 0, and a code that is no
     * 32-bit number, count as none.
     *
     * @throws RpcException when the extra entries are not a JSON object of texts, naming them
     */
    public static @Nullable BizStatusException find(Map<String, String> entries) {
        String status = entries.get(StringKey.BIZ_STATUS);
        if (status == null) {
            return null;
        }
        int code;
        try {
            code = Integer.parseInt(status);
        } catch (NumberFormatException e) {
            return null;
        }
        if (code == 0) {
            return null;
        }
        return new BizStatusException(
                code,
                entries.getOrDefault(StringKey.BIZ_MESSAGE, ""),
                BizExtra.read(entries.getOrDefault(StringKey.BIZ_EXTRA, "")));
    }
}
