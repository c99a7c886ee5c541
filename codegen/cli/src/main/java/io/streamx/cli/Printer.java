package io.streamx.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.streamx.Metadata;
import io.streamx.recording.FrameTexts;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes what comes of calls: messages to the standard output and all else to the standard error, for people or, one JSON
 * object a line, for machines. Each line is flushed. Safe from any thread.
 */
final class Printer {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean isForMachines;

    Printer(Terminal terminal, boolean isForMachines) {
        out = terminal.out();
        err = terminal.err();
        this.isForMachines = isForMachines;
    }

    /** A message that came. */
    synchronized void message(String json) {
        out.println(json);
        if (out.checkError()) {
            throw new OutputClosedException();
        }
    }

    /** Entries beside the messages; {@code kind} says which, such as "header". */
    synchronized void entries(String kind, Metadata entries) {
        if (isForMachines) {
            json(out -> {
                out.writeObjectFieldStart(kind);
                for (String name : new TreeSet<>(entries.names())) {
                    out.writeFieldName(name);
                    values(entries.values(name), out);
                }
                out.writeEndObject();
            });
        } else {
            entries.forEach((name, value) -> err.println(FrameTexts.printable(kind + ": " + name + "=" + value)));
        }
        err.flush();
    }

    private static void values(List<String> values, JsonGenerator out) throws IOException {
        if (values.size() == 1) {
            out.writeString(values.get(0));
        } else {
            texts(values, out);
        }
    }

    /** What a person at a terminal is told, on the standard error. */
    synchronized void note(String text) {
        err.println(text);
        err.flush();
    }

    /** How a call ended that did not end well. */
    synchronized void failure(Report report) {
        if (isForMachines) {
            json(out -> {
                out.writeObjectFieldStart("error");
                members(report, out);
                out.writeEndObject();
            });
        } else {
            people(report);
        }
        err.flush();
    }

    private void people(Report report) {
        StringBuilder line = new StringBuilder("streamx: ").append(report.title());
        if (report.type() != null) {
            err.println(printable(line + " " + report.type() + ": " + report.fields()));
            return;
        }
        if (report.code() != null) {
            line.append(' ').append(report.code());
        }
        if (report.codeName() != null) {
            line.append(' ').append(report.codeName());
        }
        err.println(printable(line + ": " + report.text()));
        new TreeMap<>(report.extra())
                .forEach((key, value) -> err.println(FrameTexts.printable("  extra: " + key + "=" + value)));
        report.details()
                .forEach(detail ->
                        err.println(FrameTexts.printable("  detail: " + detail.type() + " " + detail.base64())));
    }

    /** The lines of a text, in which a server may have put what a terminal takes for commands. */
    private static String printable(String text) {
        return text.lines().map(FrameTexts::printable).collect(Collectors.joining(System.lineSeparator()));
    }

    private static void members(Report report, JsonGenerator out) throws IOException {
        out.writeStringField("kind", report.kind());
        out.writeNumberField("exitCode", report.exitCode());
        if (report.code() != null) {
            out.writeNumberField("code", report.code());
        }
        if (report.codeName() != null) {
            out.writeStringField("codeName", report.codeName());
        }
        out.writeStringField("text", report.text());
        if (report.type() != null) {
            out.writeStringField("type", report.type());
            out.writeFieldName("fields");
            out.writeRawValue(report.fields());
        }
        if (!report.extra().isEmpty()) {
            out.writeFieldName("extra");
            object(new TreeMap<>(report.extra()), out);
        }
        if (!report.cancelPath().isEmpty()) {
            out.writeFieldName("cancelPath");
            texts(report.cancelPath(), out);
        }
        if (!report.details().isEmpty()) {
            out.writeArrayFieldStart("details");
            for (Report.Detail detail : report.details()) {
                out.writeStartObject();
                out.writeStringField("type", detail.type());
                out.writeStringField("value", detail.base64());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
    }

    private static void texts(List<String> texts, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private static void object(Map<String, String> entries, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
    }

    private void json(JsonLine.Members members) {
        err.println(JsonLine.of(members));
    }

    /** Nobody reads the standard output any more. */
    static final class OutputClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutputClosedException() {
            super("the standard output is closed", null, false, false);
        }
    }
}
