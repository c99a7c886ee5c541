package io.streamx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names every default of gRPC, so that none changes by accident; docs/architecture.md has the same table. */
class GrpcDefaultsTest {
    @Test
    void everyDefaultIsWhatTheDocumentationSays() {
        Map<String, Object> defaults = Arrays.stream(GrpcDefaults.class.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()))
                .collect(Collectors.toMap(Field::getName, GrpcDefaultsTest::value));

        assertThat(defaults)
                .containsOnly(
                        Map.entry("CONNECTION_WINDOW_BYTES", 1_048_576),
                        Map.entry("MAX_STREAM_WINDOW_BYTES", 4_194_304),
                        Map.entry("MAX_CONNECTION_WINDOW_BYTES", 16_777_216),
                        Map.entry("MAX_HEADER_LIST_BYTES", 262_144),
                        Map.entry("SERVER_KEEP_ALIVE_TIME", Duration.ofHours(2)),
                        Map.entry("KEEP_ALIVE_TIMEOUT", Duration.ofSeconds(20)),
                        Map.entry("PERMIT_KEEP_ALIVE_TIME", Duration.ofMinutes(5)),
                        Map.entry("PERMIT_KEEP_ALIVE_TIME_WITHOUT_CALLS", Duration.ofHours(2)));
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
