package io.streamx.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended otherwise than well, as scripts and people are told.
 *
 * @param kind for scripts, a word of docs/cli.md
 * @param title for people
 * @param exitCode what the process ends with
 * @param code the number of the error; null where it has none
 * @param codeName the name of the number; null where it has none
 * @param text what was said
 * @param type the name of a declared exception; null for others
 * @param fields a declared exception as JSON; null for others
 * @param extra entries of a business error
 * @param details of a gRPC status
 * @param cancelPath names of the services that a cancel passed through
 */
record Report(
        String kind,
        String title,
        int exitCode,
        @Nullable Integer code,
        @Nullable String codeName,
        String text,
        @Nullable String type,
        @Nullable String fields,
        Map<String, String> extra,
        List<Detail> details,
        List<String> cancelPath) {

    /**
     * A detail of a gRPC status.
     *
     * @param type the full name of the message
     * @param base64 its bytes
     */
    record Detail(String type, String base64) {}

    static Report of(String kind, String title, int exitCode, String text) {
        return new Report(kind, title, exitCode, null, null, text, null, null, Map.of(), List.of(), List.of());
    }

    Report withCode(int number, @Nullable String name) {
        return new Report(kind, title, exitCode, number, name, text, type, fields, extra, details, cancelPath);
    }

    Report withException(String name, String json) {
        return new Report(kind, title, exitCode, code, codeName, text, name, json, extra, details, cancelPath);
    }

    Report withExtra(Map<String, String> entries) {
        return new Report(kind, title, exitCode, code, codeName, text, type, fields, entries, details, cancelPath);
    }

    Report withDetails(List<Detail> some) {
        return new Report(kind, title, exitCode, code, codeName, text, type, fields, extra, some, cancelPath);
    }

    Report withCancelPath(List<String> path) {
        return new Report(kind, title, exitCode, code, codeName, text, type, fields, extra, details, path);
    }
}
