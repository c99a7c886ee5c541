package io.streamx.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** A snapshot as JSON. */
final class JsonReport {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonReport() {}

    static String of(Snapshot shown) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("at", shown.at().toString());
            out.writeNumberField("callCount", shown.callCount());
            out.writeArrayFieldStart("calls");
            for (Snapshot.Call call : shown.calls()) {
                write(call, out);
            }
            out.writeEndArray();
            out.writeNumberField("connectionCount", shown.connectionCount());
            out.writeArrayFieldStart("connections");
            for (Snapshot.Connection connection : shown.connections()) {
                write(connection, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void write(Snapshot.Call call, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("side", call.side());
        out.writeStringField("method", call.method());
        out.writeStringField("mode", call.mode());
        out.writeStringField("transport", call.transport());
        out.writeStringField("peer", call.peer());
        out.writeStringField("instance", call.instance());
        out.writeNumberField("ageMillis", call.ageMillis());
        out.writeNumberField("sent", call.sent());
        out.writeNumberField("received", call.received());
        writeWait("sendWaitMillis", call.sendWaitMillis(), out);
        writeWait("receiveWaitMillis", call.receiveWaitMillis(), out);
        out.writeEndObject();
    }

    private static void writeWait(String name, long millis, JsonGenerator out) throws IOException {
        if (millis < 0) {
            out.writeNullField(name);
        } else {
            out.writeNumberField(name, millis);
        }
    }

    private static void write(Snapshot.Connection connection, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("side", connection.side());
        out.writeStringField("service", connection.service());
        out.writeStringField("local", connection.local());
        out.writeStringField("peer", connection.peer());
        out.writeNumberField("ageMillis", connection.ageMillis());
        out.writeEndObject();
    }
}
