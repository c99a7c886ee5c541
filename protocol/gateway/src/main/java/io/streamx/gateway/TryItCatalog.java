package io.streamx.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import io.streamx.StreamingMode;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.protobuf.ProtobufCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the try-it page shows of a server: the names, comments and types of its services, and nothing else. Methods whose messages
 * nobody knows in JSON are left out.
 */
final class TryItCatalog {
    private final GatewayOptions options;
    private final ThriftTypes thrift = new ThriftTypes();
    private final ProtobufTypes protobuf;

    private TryItCatalog(GatewayOptions options) {
        this.options = options;
        protobuf = new ProtobufTypes(options.protobufComments());
    }

    /** The catalog as JSON. */
    static String of(List<ServiceDefinition> services, GatewayOptions options) {
        TryItCatalog catalog = new TryItCatalog(options);
        List<Object> shown = new ArrayList<>();
        for (ServiceDefinition service : services) {
            Map<String, Object> described = catalog.service(service);
            if (described != null) {
                shown.add(described);
            }
        }
        Map<String, Object> types = new LinkedHashMap<>(catalog.thrift.definitions());
        types.putAll(catalog.protobuf.definitions());
        return json(Map.of("services", shown, "types", types));
    }

    private static String json(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonBytes.factory().createGenerator(text)) {
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has nothing that could fail
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case Map<?, ?> object -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    out.writeFieldName(String.valueOf(member.getKey()));
                    write(out, member.getValue());
                }
                out.writeEndObject();
            }
            case List<?> array -> {
                out.writeStartArray();
                for (Object element : array) {
                    write(out, element);
                }
                out.writeEndArray();
            }
            case Boolean flag -> out.writeBoolean(flag);
            case Integer number -> out.writeNumber(number);
            default -> out.writeString(String.valueOf(value));
        }
    }

    private @Nullable Map<String, Object> service(ServiceDefinition service) {
        PayloadFormat format = service.descriptor().format();
        String fullName = service.descriptor().fullName();
        GenericService idl =
                format == PayloadFormat.THRIFT ? idl(service.descriptor().name()) : null;
        List<Object> methods = new ArrayList<>();
        for (String name : service.methodNames()) {
            BoundMethod<?, ?> method = service.method(name);
            Map<String, Object> described =
                    method == null ? null : method(method.descriptor(), idl, comment(format, fullName + "." + name));
            if (described != null) {
                described.put("path", options.pathPrefix() + "/" + fullName + "/" + name);
                described.put("key", fullName + "/" + name);
                // TTHeader, which the command uses for Thrift, carries simple names alone.
                described.put(
                        "call",
                        (format == PayloadFormat.THRIFT ? service.descriptor().name() : fullName) + "/" + name);
                methods.add(described);
            }
        }
        if (methods.isEmpty()) {
            return null;
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", fullName);
        described.put("format", format.name().toLowerCase(Locale.ROOT));
        putDoc(
                described,
                idl == null ? comment(format, fullName) : idl.service().doc());
        described.put("methods", methods);
        return described;
    }

    /** The comment of a service or method of Protobuf; null for others. */
    private @Nullable String comment(PayloadFormat format, String fullName) {
        return format == PayloadFormat.PROTOBUF ? options.protobufComments().get(fullName) : null;
    }

    private @Nullable GenericService idl(String name) {
        for (GenericService service : options.thriftServices()) {
            if (service.name().equals(name)) {
                return service;
            }
        }
        return null;
    }

    private @Nullable Map<String, Object> method(
            MethodDescriptor<?, ?> method, @Nullable GenericService idl, @Nullable String protobufComment) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", method.name());
        described.put("mode", method.mode().name().toLowerCase(Locale.ROOT));
        described.put("oneway", method.isOneway());
        if (method.format() == PayloadFormat.PROTOBUF) {
            putDoc(described, protobufComment);
            Object reply = method.mode() == StreamingMode.UNARY ? method.resultCodec() : method.responseCodec();
            if (method.requestCodec() instanceof ProtobufCodec<?> request
                    && reply instanceof ProtobufCodec<?> response) {
                return protobuf.describe(request, response, described) ? described : null;
            }
            return null;
        }
        if (idl == null) {
            return null;
        }
        for (GenericMethod known : idl.methods()) {
            if (known.name().equals(method.name()) && known.mode() == method.mode()) {
                putDoc(described, known.function().doc());
                described.put("request", thrift.request(idl.name(), known.function()));
                described.put("reply", thrift.reply(known.function()));
                return described;
            }
        }
        return null;
    }

    /** Adds a comment, where there is one. */
    static void putDoc(Map<String, Object> described, @Nullable String doc) {
        if (doc != null) {
            described.put("doc", doc);
        }
    }
}
