package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.echo.TestServiceMethods;
import golden.services.Child;
import golden.services.ChildClient;
import golden.services.ChildMethods;
import golden.services.GrandChildMethods;
import golden.services.Note;
import golden.services.TooLate;
import golden.shared.Mood;
import golden.shared.Point;
import golden.shared.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.UnimplementedException;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.Binary;
import io.streamx.thrift.ThriftReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // the base service has a deprecated method
class ServiceTest {
    private final Handler handler = new Handler();
    private final LoopbackChannel channel = new LoopbackChannel(Child.bind(handler));
    private final ChildClient client = new ChildClient(channel);

    @Test
    void callsReachTheirHandlersAndResultsComeBack() {
        client.nothing();
        assertThat(client.flag()).isTrue();
        assertThat(client.sum(1, 2, List.of(3, 4))).isEqualTo(10);
        assertThat(client.table("k")).isEqualTo(Map.of("k", Set.of(1)));
        assertThat(client.mood(Mood.HAPPY)).isSameAs(Mood.HAPPY);
        assertThat(client.mood(Mood.of(77))).isEqualTo(Mood.of(77));
        assertThat(client.raw(Binary.of((byte) 1))).isEqualTo(Binary.of((byte) 1));
        client.fire(new Note("fired"));
        assertThat(handler.seen).containsExactly("nothing", "fire fired");
    }

    @Test
    void methodsThatAHandlerLeavesOutSaySo() {
        ChildClient toNobody = new ChildClient(new LoopbackChannel(Child.bind(new Child() {})));

        assertThatThrownBy(toNobody::flag)
                .hasRootCauseInstanceOf(UnimplementedException.class)
                .rootCause()
                .hasMessageStartingWith("unknown method flag");
    }

    @Test
    void callsCanBeMadeWithoutWaiting() {
        assertThat(client.sumAsync(1, 2, List.of()).join()).isEqualTo(3);
        assertThat(client.nothingAsync().join()).isNull();
    }

    @Test
    void argumentsThatDoNotComeHaveTheirDefaults() {
        assertThat(ChildMethods.TableArgs.CODEC
                        .read(new ThriftReader(noFields()))
                        .key())
                .isEqualTo("all");
        assertThatThrownBy(() -> ChildMethods.SumArgs.CODEC.read(new ThriftReader(noFields())))
                .hasMessageContaining("required field a is not set");
    }

    @Test
    void aStructArgumentMayBeLeftOutByEitherSide() {
        assertThat(ChildMethods.FireArgs.CODEC
                        .read(new ThriftReader(noFields()))
                        .note())
                .isNull();

        client.fire(null);

        assertThat(handler.seen).containsExactly("fire nothing");
    }

    private static ByteBuf noFields() {
        return Unpooled.buffer().writeZero(1);
    }

    @Test
    void inheritedMethodsAreCalledAndServedAsTheChilds() {
        assertThat(client.locate("here")).isEqualTo(new Point(1, 2));
        client.forget("it");
        assertThat(handler.seen).containsExactly("forget it");
        assertThat(ChildMethods.LOCATE.service()).isEqualTo("Child");
        assertThat(GrandChildMethods.LOCATE.service()).isEqualTo("GrandChild");
    }

    @Test
    void declaredExceptionsComeBackAsThemselves() {
        assertThatThrownBy(() -> client.locate("nowhere"))
                .isEqualTo(new Refused("nowhere", Mood.SAD))
                .hasMessage("Refused[reason=nowhere, mood=SAD]");
        assertThatThrownBy(() -> client.sum(-1, 0, List.of())).isEqualTo(new TooLate(5));
    }

    @Test
    void streamsAreOpenedByTheirMode() {
        client.withTransient("k", "v").chat();
        client.collect();
        client.produce(new Note("n"));
        client.track(new Point(1, 2));
        assertThat(channel.opened())
                .containsExactly(
                        "bidi Child.chat {k=v}",
                        "client Child.collect",
                        "server Child.produce Note[text=n]",
                        "server Child.track Point[x=1, y=2]");
    }

    @Test
    void theServiceIsDescribedAsTheIdlHasIt() {
        assertThat(GrandChildMethods.DESCRIPTOR.name()).isEqualTo("GrandChild");
        assertThat(GrandChildMethods.DESCRIPTOR.grpcPackage()).isEqualTo("golden");
        assertThat(GrandChildMethods.DESCRIPTOR.format()).isEqualTo(PayloadFormat.THRIFT);
        assertThat(GrandChildMethods.DESCRIPTOR.methods())
                .extracting(MethodDescriptor::name)
                .containsExactly(
                        "locate", "forget", "track", "nothing", "flag", "sum", "table", "mood", "raw", "fire", "chat",
                        "collect", "produce", "last");
        assertThat(ChildMethods.FIRE.isOneway()).isTrue();
        assertThat(TestServiceMethods.PING_PONG.name()).isEqualTo("PingPong");
        assertThat(TestServiceMethods.DESCRIPTOR.grpcPackage()).isEqualTo("echo");
        assertThat(TestServiceMethods.ECHO.grpcPackage()).isEqualTo("echo");
    }

    /** Answers from its arguments. */
    private static final class Handler implements Child {
        private final List<String> seen = new ArrayList<>();

        @Override
        public Point locate(String name) {
            if (name.equals("nowhere")) {
                throw new Refused(name, Mood.SAD);
            }
            return new Point(1, 2);
        }

        @Override
        public void forget(String name) {
            seen.add("forget " + name);
        }

        @Override
        public void track(Point start, ServerStreamingServer<Point> stream) {
            stream.send(start);
        }

        @Override
        public void nothing() {
            seen.add("nothing");
        }

        @Override
        public boolean flag() {
            return true;
        }

        @Override
        public long sum(int a, long b, List<Integer> rest) {
            if (a < 0) {
                throw new TooLate(5);
            }
            return a + b + rest.stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public Map<String, Set<Integer>> table(String key) {
            return Map.of(key, Set.of(1));
        }

        @Override
        public Mood mood(Mood mood) {
            return mood;
        }

        @Override
        public Binary raw(Binary raw) {
            return raw;
        }

        @Override
        public void fire(Note note) {
            seen.add("fire " + (note == null ? "nothing" : note.text()));
        }

        @Override
        public void chat(BidiStreamingServer<Note, Note> stream) {
            for (Note note : stream) {
                stream.send(note);
            }
        }

        @Override
        public void collect(ClientStreamingServer<Note, Note> stream) {
            stream.sendAndClose(new Note("all"));
        }

        @Override
        public void produce(Note stream, ServerStreamingServer<Note> stream_) {
            stream_.send(stream);
        }
    }
}
