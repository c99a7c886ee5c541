package io.streamx.gateway;

import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of each served method look in JSON. What was found for a method is kept; methods that no service lists
 * are not asked for. Safe from any thread.
 */
final class GatewayMethods {
    private final GatewayOptions options;
    private final Map<BoundMethod<?, ?>, JsonMethod<?, ?>> known = new ConcurrentHashMap<>();
    private final Map<String, Map<String, MethodDescriptor<String, String>>> thrift = new HashMap<>();

    private final Map<String, byte[]> page;
    private volatile byte @Nullable [] catalog;

    GatewayMethods(GatewayOptions options) {
        this.options = options;
        page = options.hasTryItPage() ? TryItPage.files() : Map.of();
        for (GenericService service : options.thriftServices()) {
            Map<String, MethodDescriptor<String, String>> methods = new HashMap<>();
            for (GenericMethod method : service.methods()) {
                methods.put(method.name(), service.descriptor(method, options.thriftForm()));
            }
            thrift.put(service.name(), methods);
        }
    }

    /** A file of the try-it page, of which only those are asked for that there are. */
    byte[] page(String name) {
        return Objects.requireNonNull(page.get(name), name);
    }

    /** What the try-it page shows of the server's services; the same ones each time. */
    byte[] catalog(List<ServiceDefinition> services) {
        byte[] made = catalog;
        if (made == null) {
            made = TryItCatalog.of(services, options).getBytes(StandardCharsets.UTF_8);
            catalog = made;
        }
        return made;
    }

    /**
     * The JSON of one method.
     *
     * @throws HttpRefusal when it is not known what the method's messages look like
     */
    @SuppressWarnings("unchecked") // what is kept for a method was made of that method
    <Req, Res> JsonMethod<Req, Res> json(BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> found = (JsonMethod<Req, Res>) known.get(method);
        if (found == null) {
            found = make(method);
            known.put(method, found);
        }
        return found;
    }

    private <Req, Res> JsonMethod<Req, Res> make(BoundMethod<Req, Res> method) throws HttpRefusal {
        MethodDescriptor<Req, Res> descriptor = method.descriptor();
        JsonMethod<Req, Res> made;
        if (descriptor.format() == PayloadFormat.PROTOBUF) {
            made = ProtobufJsonMethod.of(descriptor);
            if (made == null) {
                throw HttpRefusal.unimplemented("messages of " + descriptor
                        + " as JSON (expected: classes of protobuf-java's full runtime, which know their descriptors)");
            }
            return made;
        }
        MethodDescriptor<String, String> json = thriftMethod(descriptor);
        if (json == null) {
            throw HttpRefusal.unimplemented("messages of " + descriptor
                    + " as JSON (expected: the IDL of the service, which the server is given with"
                    + " GatewayOptions.Builder.thriftIdl)");
        }
        return new ThriftJsonMethod<>(descriptor, json, options.thriftForm());
    }

    private @Nullable MethodDescriptor<String, String> thriftMethod(MethodDescriptor<?, ?> descriptor) {
        Map<String, MethodDescriptor<String, String>> service = thrift.get(descriptor.service());
        MethodDescriptor<String, String> method = service == null ? null : service.get(descriptor.name());
        return method != null && method.mode() == descriptor.mode() ? method : null;
    }
}
