package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.RpcException;
import io.streamx.ServerStreamingServer;
import io.streamx.client.Client;
import io.streamx.codegen.Compatibility;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.Incompatibility;
import io.streamx.generic.Form;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.idl.ThriftIdl;
import io.streamx.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code streamx idl diff} says of the wire is what happens there: a client of each version sends a message to a server
 * of the other, which either understands all of it or does not.
 */
@Timeout(120)
class IdlDiffOnTheWireTest {
    private static final String REST = """
            enum Level { LOW = 1, HIGH = 2 }
            enum Level2 { SMALL = 1 }
            struct In { 1: i32 v }
            struct In2 { 1: i32 w }
            struct In3 { 1: i64 v }
            service S { string take(1: M m) }
            """;

    @TempDir
    private Path dir;

    /** The body of the older message, of the newer, what a client of the older sends, and what one of the newer sends. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1: i32 a                 | 1: i32 a, 2: optional i32 b       | {\"a\":5}            | {\"a\":5}",
                "1: i32 a                 | 1: i32 renamed                    | {\"a\":5}            | {\"renamed\":5}",
                "1: i32 a                 | 2: i32 a                          | {\"a\":5}            | {\"a\":5}",
                "1: optional i32 a        | 1: required i32 a                 | {}                   | {\"a\":5}",
                "1: required i32 a        | 1: optional i32 a                 | {\"a\":5}            | {}",
                "1: optional i32 a        | 1: i32 a                          | {\"a\":5}            | {\"a\":5}",
                "1: optional i32 a        | 1: optional i32 a, 2: required i32 b | {\"a\":5}         | {\"a\":5,\"b\":6}",
                "1: optional i32 a, 2: required i32 b | 1: optional i32 a     | {\"a\":5,\"b\":6}    | {\"a\":5}",
                "1: i32 a                 | 1: i64 a                          | {\"a\":5}            | {\"a\":5}",
                "1: i32 a                 | 1: Level a                        | {\"a\":7}            | {\"a\":7}",
                "1: Level a               | 1: Level2 a                       | {\"a\":\"LOW\"}      | {\"a\":\"SMALL\"}",
                "1: string a              | 1: binary a                       | {\"a\":\"eA==\"}     | {\"a\":\"eA==\"}",
                "1: list<i32> a           | 1: list<i64> a                    | {\"a\":[5]}          | {\"a\":[5]}",
                "1: list<i32> a           | 1: set<i32> a                     | {\"a\":[5]}          | {\"a\":[5]}",
                "1: map<i32, i32> a       | 1: map<i32, string> a             | {\"a\":{\"1\":5}}    | {\"a\":{\"1\":\"x\"}}",
                "1: In a                  | 1: In2 a                          | {\"a\":{\"v\":5}}    | {\"a\":{\"w\":5}}",
                "1: In a                  | 1: In3 a                          | {\"a\":{\"v\":5}}    | {\"a\":{\"v\":5}}",
                "1: list<In> a            | 1: list<In3> a                    | {\"a\":[{\"v\":5}]}  | {\"a\":[{\"v\":5}]}",
            })
    void theWireAgrees(String before, String after, String sentByOlder, String sentByNewer) throws IOException {
        Path older = write("older", before);
        Path newer = write("newer", after);
        List<Incompatibility> found = Compatibility.check(
                ThriftIdl.load(List.of(older), List.of()),
                ThriftIdl.load(List.of(newer), List.of()),
                GeneratorOptions.DEFAULTS);
        boolean breaks = found.stream().anyMatch(one -> one.breaks().contains(Incompatibility.Break.WIRE));

        boolean isUnderstood = isUnderstood(older, newer, sentByOlder) && isUnderstood(newer, older, sentByNewer);
        assertThat(breaks).as("%s", found).isEqualTo(!isUnderstood);
    }

    private Path write(String version, String message) throws IOException {
        Path folder = Files.createDirectories(dir.resolve(version));
        return Files.writeString(folder.resolve("m.thrift"), "struct M { " + message + " }\n" + REST);
    }

    /** Whether a server of the one version sees the values that a client of the other has sent. */
    private static boolean isUnderstood(Path clients, Path servers, String message) {
        Seen seen = new Seen();
        Seen sent = new Seen();
        try (Server server = serve(servers, seen);
                Server own = serve(clients, sent)) {
            call(clients, own, message);
            try {
                call(clients, server, message);
            } catch (RpcException e) {
                return false;
            }
        }
        return seen.values.equals(sent.values);
    }

    private static Server serve(Path idl, Seen seen) {
        return Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .service(GenericService.load(idl, "S").bind(Form.values(), seen))
                .start();
    }

    private static void call(Path idl, Server server, String message) {
        try (Client client =
                Client.builder("S").address("127.0.0.1:" + server.port()).build()) {
            GenericService.load(idl, "S").client(client, Form.json()).call("take", message);
        }
    }

    /** Notes the values of a message, and not their names, which the wire does not have. */
    private static final class Seen implements GenericHandler<Object> {
        private final List<Object> values = new ArrayList<>();

        @Override
        public Object unary(GenericMethod method, @Nullable Object request) {
            note(request);
            return "";
        }

        private void note(@Nullable Object value) {
            if (value instanceof Map<?, ?> map) {
                map.forEach((name, each) -> {
                    // A field that the IDL does not have is kept, but nobody understands it.
                    if (!String.valueOf(name).startsWith("#")) {
                        note(each);
                    }
                });
            } else if (value instanceof Collection<?> some) {
                some.forEach(this::note);
            } else if (value instanceof Number number) {
                if (number.longValue() != 0) {
                    values.add(number.longValue());
                }
            } else if (value != null && !value.toString().isEmpty()) {
                values.add(value instanceof io.streamx.thrift.Binary bytes ? bytes.toUtf8() : value);
            }
        }

        @Override
        public void clientStreaming(GenericMethod method, ClientStreamingServer<Object, Object> stream) {
            throw new AssertionError("no stream is opened");
        }

        @Override
        public void serverStreaming(GenericMethod method, Object request, ServerStreamingServer<Object> stream) {
            throw new AssertionError("no stream is opened");
        }

        @Override
        public void bidiStreaming(GenericMethod method, BidiStreamingServer<Object, Object> stream) {
            throw new AssertionError("no stream is opened");
        }
    }
}
