package io.streamx.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.ClientStatus.InstanceStatus;
import io.streamx.endpoint.ServerStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.util.OptionalLong;

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
            out.writeArrayFieldStart("clients");
            for (ClientStatus client : shown.clients()) {
                write(client, out);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("servers");
            for (ServerStatus server : shown.servers()) {
                write(server, out);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("limits");
            for (Snapshot.Limit limit : shown.limits()) {
                out.writeStartObject();
                out.writeStringField("of", limit.of());
                out.writeStringField("what", limit.what());
                out.writeNumberField("used", limit.used());
                out.writeNumberField("most", limit.most());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeObjectFieldStart("breakers");
            for (Snapshot.Breaker breaker : shown.breakers()) {
                out.writeStringField(breaker.name(), breaker.state());
            }
            out.writeEndObject();
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

    private static void writeWait(String name, OptionalLong millis, JsonGenerator out) throws IOException {
        if (millis.isEmpty()) {
            out.writeNullField(name);
        } else {
            out.writeNumberField(name, millis.getAsLong());
        }
    }

    private static void write(ClientStatus client, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("service", client.service());
        out.writeBooleanField("following", client.isFollowing());
        out.writeStringField("trouble", client.trouble());
        out.writeArrayFieldStart("instances");
        for (InstanceStatus instance : client.instances()) {
            out.writeStartObject();
            out.writeStringField("address", instance.address());
            out.writeNumberField("weight", instance.weight());
            out.writeBooleanField("avoided", instance.isAvoided());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(ServerStatus server, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("port", server.port());
        out.writeArrayFieldStart("services");
        for (String service : server.services()) {
            out.writeString(service);
        }
        out.writeEndArray();
        out.writeBooleanField("closing", server.isClosing());
        out.writeEndObject();
    }

    private static void write(Snapshot.Connection connection, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("side", connection.side());
        out.writeStringField("service", connection.service());
        out.writeStringField("instance", connection.instance());
        out.writeStringField("local", connection.local());
        out.writeStringField("peer", connection.peer());
        out.writeNumberField("ageMillis", connection.ageMillis());
        out.writeNumberField("unsentBytes", connection.unsentBytes());
        out.writeNumberField("unreadBytes", connection.unreadBytes());
        out.writeEndObject();
    }
}
