package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every option of the builders has a setting that IDEs know of, or is something that only code can say. */
class SettingsTest {
    /** What only code can say: customizers, and beans of the types Extension, Registry and Resolver. */
    private static final Set<String> CODE = Set.of(
            "recvMiddleware",
            "sendMiddleware",
            "streamMiddleware",
            "unaryMiddleware",
            "middleware",
            "forMethods",
            "callListener",
            "connectionListener",
            "inProcess",
            "lifecycleListener",
            "timeSource",
            "policyListener",
            "with",
            "install",
            "openingHook",
            "openedHook",
            "metaListener",
            "unknownMethodHandler",
            "unknownUnaryMethodHandler",
            "liveConnectTimeout",
            "service",
            "compressor");

    /** Options whose settings have other names, or several. */
    private static final Map<String, Set<String>> NAMES = Map.ofEntries(
            Map.entry("maxMessageBytes", Set.of("max-message")),
            Map.entry("buffers", Set.of("stream-buffer", "connection-buffer")),
            Map.entry("transportOptions", Set.of("grpc.compression")),
            Map.entry("address", Set.of("addresses")),
            Map.entry("instance", Set.of("addresses")),
            Map.entry("tls", Set.of("ssl.bundle")),
            Map.entry("authenticator", Set.of("security.mechanisms")),
            Map.entry("credentials", Set.of("credentials.bearer-token", "credentials.username", "credentials.bean")),
            Map.entry("recvTimeout", Set.of("recv-timeout")),
            Map.entry("warmUp", Set.of("warm-up-code")),
            Map.entry("bindAddress", Set.of("address")),
            Map.entry("registry", Set.of("registries")),
            Map.entry(
                    "advertise",
                    Set.of("advertise.service", "advertise.address", "advertise.weight", "advertise.tags")),
            Map.entry("connectionWindowBytes", Set.of("connection-window")),
            Map.entry("maxWindowBytes", Set.of("max-stream-window", "max-connection-window")),
            Map.entry("maxHeaderListBytes", Set.of("max-header-list")));

    /** Set by the starter itself. */
    private static final Set<String> OWN = Set.of("closeAtExit");

    @Test
    void everyOptionOfAServer() throws IOException {
        assertThat(missing("streamx.server.", Server.Builder.class)).isEmpty();
    }

    @Test
    void everyOptionOfAClient() throws IOException {
        assertThat(missing("streamx.client-defaults.", Client.Builder.class)).isEmpty();
    }

    @Test
    void everyOptionOfGrpc() throws IOException {
        assertThat(missing("streamx.server.grpc.", GrpcOptions.Builder.class)).isEmpty();
        assertThat(missing("streamx.client-defaults.grpc.", GrpcOptions.Builder.class))
                .isEmpty();
    }

    @Test
    void everySettingIsDescribed() throws IOException {
        String metadata = metadata();
        int properties = count(metadata.substring(metadata.indexOf("\"properties\"")), "\"name\"");
        assertThat(properties).isGreaterThan(100);
        assertThat(count(metadata.substring(metadata.indexOf("\"properties\"")), "\"description\""))
                .isEqualTo(properties);
    }

    private static int count(String text, String part) {
        return (int)
                Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }

    private static Set<String> missing(String prefix, Class<?> builder) throws IOException {
        Set<String> known = Pattern.compile("\"name\": \"(" + Pattern.quote(prefix) + "[^\"]*)\"")
                .matcher(metadata())
                .results()
                .map(found -> found.group(1).substring(prefix.length()))
                .collect(Collectors.toSet());
        Set<String> missing = options(builder)
                .flatMap(option -> NAMES.getOrDefault(option, Set.of(kebab(option))).stream())
                .filter(name -> !known.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        return missing;
    }

    private static Stream<String> options(Class<?> builder) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                .filter(SettingsTest::returnsABuilder)
                .map(Method::getName)
                .filter(name -> !CODE.contains(name) && !OWN.contains(name))
                .distinct();
    }

    private static boolean returnsABuilder(Method method) {
        return method.getReturnType().getName().endsWith("Builder");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static String metadata() throws IOException {
        try (InputStream in = StreamXClients.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            // Several jars have one; that of this module comes first on its own class path.
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("streamx.server.port");
            return text;
        }
    }
}
