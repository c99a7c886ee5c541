package io.streamx.grpc.http;

import io.streamx.wire.TransportOptionsByType;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Says who takes the requests on HTTP/2 connections that are no calls of gRPC. {@link ServiceLoader} finds it, as it finds wire
 * modules. Where nobody takes them they are refused with a status of HTTP.
 */
public interface HttpRequestsProvider {
    /**
     * Who takes the requests of one server; null for nobody.
     *
     * @param options what was set at the server for single transports
     */
    @Nullable
    HttpRequests requests(TransportOptionsByType options);

    /** Who takes the requests of one server, of all that are on the class path; null for nobody. */
    static @Nullable HttpRequests find(TransportOptionsByType options) {
        for (HttpRequestsProvider provider : Found.ALL) {
            HttpRequests requests = provider.requests(options);
            if (requests != null) {
                return requests;
            }
        }
        return null;
    }

    /** The providers on the class path, which are looked for once. */
    final class Found {
        private static final List<HttpRequestsProvider> ALL = load();

        private Found() {}

        private static List<HttpRequestsProvider> load() {
            List<HttpRequestsProvider> found = new ArrayList<>();
            ServiceLoader.load(HttpRequestsProvider.class, HttpRequestsProvider.class.getClassLoader())
                    .forEach(found::add);
            return List.copyOf(found);
        }
    }
}
