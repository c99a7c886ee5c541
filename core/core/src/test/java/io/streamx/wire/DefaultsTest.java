package io.streamx.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names every default, so that none changes by accident; docs/architecture.md has the same table. */
class DefaultsTest {
    @Test
    void everyDefaultIsWhatTheDocumentationSays() {
        Map<String, Object> defaults = Arrays.stream(Defaults.class.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()))
                .collect(Collectors.toMap(Field::getName, DefaultsTest::value));

        assertThat(defaults)
                .containsOnly(
                        Map.entry("CONNECT_TIMEOUT", Duration.ofSeconds(1)),
                        Map.entry("CONNECTION_WAIT", Duration.ofSeconds(5)),
                        Map.entry("MAX_MESSAGE_BYTES", 16_777_216),
                        Map.entry("MAX_SENT_HEADER_BYTES", 65_532),
                        Map.entry("MAX_ACCEPTED_HEADER_BYTES", 262_140),
                        Map.entry("STREAM_BUFFER_BYTES", 262_144),
                        Map.entry("CONNECTION_BUFFER_BYTES", 8_388_608),
                        Map.entry("STALL_TIMEOUT", Duration.ofSeconds(5)),
                        Map.entry("MAX_CONCURRENT_STREAMS", 10_000),
                        Map.entry("MAX_MUX_CONNECTIONS", 4),
                        Map.entry("MAX_IDLE_CONNECTIONS", 10),
                        Map.entry("CLIENT_IDLE_TIMEOUT", Duration.ofMinutes(1)),
                        Map.entry("SERVER_IDLE_TIMEOUT", Duration.ofMinutes(10)),
                        Map.entry("READ_TIMEOUT", Duration.ofSeconds(5)),
                        Map.entry("TLS_HANDSHAKE_TIMEOUT", Duration.ofSeconds(10)),
                        Map.entry("DEAD_PEER_TIMEOUT", Duration.ofSeconds(30)),
                        Map.entry("LATE_HANDLER", Duration.ofSeconds(10)),
                        Map.entry("SILENCE_WARNING", Duration.ofMinutes(1)),
                        Map.entry("LEAVE_DELAY", Duration.ofSeconds(6)),
                        Map.entry("SHUTDOWN_WINDOW", Duration.ofSeconds(5)),
                        Map.entry("SEND_TIMEOUT", Duration.ofMinutes(5)));
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
