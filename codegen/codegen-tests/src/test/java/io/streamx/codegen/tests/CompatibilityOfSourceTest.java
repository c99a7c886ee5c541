package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.codegen.Compatibility;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.Incompatibility;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Compatibility} says of source is what the compiler says of a program that uses all that is promised. */
class CompatibilityOfSourceTest {
    private static final String OLDER = """
            namespace java compiled
            struct User { 1: required i64 id, 2: i32 visits, 3: optional i32 age, 4: optional string name }
            union Shape { 1: string circle, 2: i32 square }
            enum Level { LOW = 1, HIGH = 2 }
            exception Refused { 1: required string reason }
            const i32 LIMIT = 3
            service Two { User Ask(1: User user, 2: i32 count) throws (1: Refused refused), void Note(1: User user) }
            service One { User Only(1: User user) }
            service Live { User Talk(1: User user) (streaming.mode="bidirectional") }
            """;

    private static final String CALLER = """
            package compiled;

            public final class Caller implements Two {
                static final One ONE = user -> user;

                @Override
                public User ask(User user, int count) {
                    return new User(user.id() + CompiledConstants.LIMIT);
                }

                @Override
                public void note(User user) {}

                static String run(TwoClient two, LiveClient live, Shape shape, Level level) {
                    User user = new User(7L, 1).toBuilder().age(3).name("a").visits(2).build();
                    int visits = user.visits();
                    String shown = user.name() + (user.age() == null) + visits;
                    if (shape instanceof Shape.Circle circle) {
                        shown += circle.value();
                    } else if (shape instanceof Shape.Square square) {
                        int side = square.value();
                        shown += side;
                    }
                    try (io.streamx.BidiStreamingClient<User, User> stream = live.talk()) {
                        stream.send(user);
                    }
                    try {
                        two.note(two.ask(user, 3));
                    } catch (Refused refused) {
                        throw new Refused(refused.reason());
                    }
                    return level == Level.LOW ? shown : Level.HIGH.toString();
                }
            }
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "age,                  | age, 5: optional i64 more,",
                "age,                  | age = 4,",
                "i32 visits            | i32 visits, 5: i32 more",
                "i32 visits            | i64 visits",
                "i32 visits            | optional i32 visits",
                "i32 visits            | required i32 visits",
                "i32 visits            | i32 seen",
                ", 4: optional string name | ``",
                "1: required i64 id, 2: i32 visits | 2: i32 visits, 1: required i64 id",
                "i32 square            | i32 square, 3: bool more",
                "i32 square            | string square",
                ", 2: i32 square       | ``",
                "HIGH = 2              | HIGH = 2, TOP = 3",
                ", HIGH = 2            | ``",
                "const i32 LIMIT = 3   | ``",
                "throws (1: Refused refused) | ``",
                "2: i32 count          | 2: i32 number",
                "2: i32 count          | 2: i32 count, 3: User more",
                "2: i32 count          | 2: i64 count",
                "void Note             | i32 Note",
                "void Note             | oneway void Note",
                "void Note             | void Other(), void Note",
                "User Only(1: User user) | User Only(1: User user), void Other()",
                "bidirectional         | server",
                "service One           | service Other",
                "java compiled         | java other",
            })
    void theCompilerAgrees(String what, String becomes) throws IOException {
        String newer = OLDER.replace(what, becomes == null ? "" : becomes);
        assertThat(newer).isNotEqualTo(OLDER);
        List<Incompatibility> found = Compatibility.check(
                ThriftIdl.load(List.of(write("older", OLDER)), List.of()),
                ThriftIdl.load(List.of(write("newer", newer)), List.of()),
                GeneratorOptions.DEFAULTS);
        boolean breaks = found.stream().anyMatch(one -> one.breaks().contains(Incompatibility.Break.SOURCE));

        String failure = failureOfCaller(newer);
        assertThat(failure != null).as("%s%n%s", found, failure).isEqualTo(breaks);
    }

    private Path write(String version, String idl) throws IOException {
        return Files.writeString(
                Files.createDirectories(directory.resolve(version)).resolve("compiled.thrift"), idl);
    }

    private String failureOfCaller(String idl) throws IOException {
        Path caller = Files.createDirectories(directory.resolve("caller"));
        try (CompiledIdl compiled = CompiledIdl.of(idl, Files.createDirectories(directory.resolve("compiled")))) {
            JavaSources.compile(List.of(JavaSources.source("compiled/Caller.java", CALLER)), caller, compiled.folder());
            return null;
        } catch (AssertionError e) {
            assertThat(e).hasMessageContaining("Caller.java");
            return e.getMessage();
        }
    }
}
