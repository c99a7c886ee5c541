package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/idl.md promises to callers of a struct to which optional fields are added: their source compiles, and what
 * was compiled against the older IDL runs against the newer.
 */
class GrowingStructTest {
    private static final String OLDER = """
            namespace java compiled
            struct Request { 1: required string message }
            struct Empty {}
            struct Point { 1: i32 x, 2: i32 y }
            struct Wide { 1: required string name, 2: optional i64 count }
            exception Refused { 1: required string reason, 2: i32 code }
            service Echo {
                Request Ask(1: Request request) throws (1: Refused refused),
                Request Both(1: Request request) (streaming.mode="bidirectional"),
            }
            """;

    /** The older one with more optional fields, at the end and in between, and fields without a word where none was. */
    private static final String NEWER = OLDER.replace(
                    "message }", "message, 2: optional i64 id, 3: optional Point at = {\"x\": 4}, 4: i32 more }")
            .replace("Empty {", "Empty { 1: optional string note, 2: list<string> names ")
            .replace("struct Point {", "struct Point { 3: optional string label,")
            .replace("count }", "count, " + optionalFields(3, 300) + "}")
            .replace("reason,", "reason, 3: optional list<string> hints,");

    private static final String CALLER = """
            package compiled;

            public final class Caller implements Echo {
                @Override
                public Request ask(Request request) {
                    return new Request(request.message() + "!");
                }

                @Override
                public void both(io.streamx.BidiStreamingServer<Request, Request> stream) {
                    stream.send(new Request("ping"));
                }

                public static String run() {
                    Request request = new Request("ping");
                    Request built = Request.builder().message("a").build().toBuilder().message("b").build();
                    Point point = new Point(1, 2);
                    Wide wide = Wide.builder().name("w").count(7L).build();
                    Refused refused = new Refused("no", 3);
                    Echo.bind(new Caller());
                    boolean same = request.equals(Request.builder().message("ping").build())
                            && new Empty().equals(Empty.builder().build())
                            && new Wide("w").equals(Wide.builder().name("w").build());
                    return request.message() + built.message() + point.x() + point.y() + wide.name() + wide.count()
                            + refused.reason() + refused.code() + same;
                }
            }
            """;

    @TempDir
    Path directory;

    private static String optionalFields(int first, int last) {
        StringBuilder fields = new StringBuilder();
        for (int id = first; id <= last; id++) {
            fields.append(id).append(": optional i64 f").append(id).append(", ");
        }
        return fields.toString();
    }

    @Test
    void aCallerCompiledAgainstTheOlderIdlRunsAgainstTheNewer() throws Exception {
        Path caller = Files.createDirectories(directory.resolve("caller/classes"));
        try (CompiledIdl older = CompiledIdl.of(OLDER, Files.createDirectory(directory.resolve("older")))) {
            JavaSources.compile(List.of(JavaSources.source("compiled/Caller.java", CALLER)), caller, older.folder());
            assertThat(run(older, caller)).isEqualTo("pingb12w7no3true");
        }
        try (CompiledIdl newer = CompiledIdl.of(NEWER, Files.createDirectory(directory.resolve("newer")))) {
            assertThat(newer.type("Wide").isRecord()).isFalse();
            assertThat(run(newer, caller)).isEqualTo("pingb12w7no3true");
        }
    }

    @Test
    void theSourceOfACallerCompilesAgainstTheNewerIdlWithoutAChange() throws Exception {
        Path caller = Files.createDirectories(directory.resolve("caller/classes"));
        try (CompiledIdl newer = CompiledIdl.of(NEWER, Files.createDirectory(directory.resolve("newer")))) {
            JavaSources.compile(List.of(JavaSources.source("compiled/Caller.java", CALLER)), caller, newer.folder());
            assertThat(run(newer, caller)).isEqualTo("pingb12w7no3true");
        }
    }

    private static String run(CompiledIdl idl, Path caller) throws Exception {
        Class<?> type = idl.with(caller).loadClass("compiled.Caller");
        return (String) type.getMethod("run").invoke(null);
    }
}
