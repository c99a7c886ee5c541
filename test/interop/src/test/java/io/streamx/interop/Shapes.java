package io.streamx.interop;

import io.streamx.BidiStreamingClient;
import io.streamx.RpcException;
import io.streamx.interop.scenario.Choice;
import io.streamx.interop.scenario.Colour;
import io.streamx.interop.scenario.Empty;
import io.streamx.interop.scenario.Inner;
import io.streamx.interop.scenario.Rich;
import io.streamx.interop.scenario.ScenarioServiceClient;
import io.streamx.interop.shapes.Named;
import io.streamx.interop.shapes.ShapeServiceClient;
import io.streamx.interop.shapes.Verdict;
import io.streamx.thrift.Binary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods whose messages have other shapes than one text. */
final class Shapes {
    private Shapes() {}

    static List<String> play(String step, ScenarioServiceClient client) {
        return switch (step) {
            case "sum" ->
                List.of(value(() ->
                        client.sum(-1, 1L << 40, "four", Inner.builder().id(10).build())));
            case "words" ->
                List.of(value(() -> {
                    List<String> words = client.splitWords("some words  here");
                    return words.size() + " "
                            + words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(" ", "[", "]"));
                }));
            case "rich" -> List.of(value(() -> same(client.richUnary(rich()))));
            case "empty" ->
                List.of(value(() -> {
                    Empty unused = client.emptyUnary(new Empty());
                    return "empty";
                }));
            case "richbidi" -> onceAround(client::richBidi, rich(), Shapes::same);
            case "emptybidi" -> onceAround(client::emptyBidi, new Empty(), message -> "empty");
            default -> throw new IllegalArgumentException("step: '" + step + "' (expected: one of the shapes)");
        };
    }

    /** Sends a message that the server compares with its own copy, and compares what comes back. */
    static String check(ShapeServiceClient client, String name) {
        try {
            return verdict(name, client.check(name, named(name)));
        } catch (RpcException e) {
            return name + " " + Outcomes.describe(e);
        }
    }

    /** The same on one stream. */
    static List<String> checkAll(ShapeServiceClient client, List<String> names) {
        List<String> seen = new ArrayList<>();
        try (BidiStreamingClient<Named, Verdict> stream = client.checkAll()) {
            for (String name : names) {
                stream.send(Named.builder().name(name).rich(named(name)).build());
                seen.add(verdict(name, stream.recv()));
            }
            stream.closeSend();
            if (stream.recv() != null) {
                seen.add("one message too many");
            }
        } catch (RpcException e) {
            seen.add(Outcomes.describe(e));
        }
        return seen;
    }

    private static String verdict(String name, @Nullable Verdict reply) {
        return reply == null
                ? name + ": " + Outcomes.END
                : name + ": server " + reply.verdict() + ", client " + same(named(name), reply.rich());
    }

    /** The message that both peers know by this name. */
    static Rich named(String name) {
        Rich.Builder defaults = Rich.builder()
                .mustText("")
                .mustNumber(0)
                .inner(Inner.builder().id(0).build());
        return switch (name) {
            case "full" -> rich();
            case "text" -> defaults.choice(new Choice.Text("")).build();
            case "number" -> defaults.choice(new Choice.Number(-1)).build();
            case "inner" ->
                defaults.choice(new Choice.Inner(Inner.builder().id(-1).name("").build()))
                        .build();
            default ->
                throw new IllegalArgumentException("message: '" + name + "' (expected: full, text, number or inner)");
        };
    }

    private static <M> List<String> onceAround(
            Supplier<BidiStreamingClient<M, M>> open, M sent, Function<@Nullable M, Object> show) {
        List<String> seen = new ArrayList<>();
        try (BidiStreamingClient<M, M> stream = open.get()) {
            stream.send(sent);
            stream.closeSend();
            seen.add(value(() -> show.apply(stream.recv())));
            M last = stream.recv();
            seen.add(last == null ? Outcomes.END : "value one message too many");
        } catch (RpcException e) {
            seen.add(Outcomes.describe(e));
        }
        return seen;
    }

    private static String value(Supplier<Object> value) {
        try {
            return "value " + value.get();
        } catch (RpcException e) {
            return Outcomes.describe(e);
        }
    }

    private static String same(@Nullable Rich echoed) {
        return same(rich(), echoed);
    }

    private static String same(Rich sent, @Nullable Rich echoed) {
        return sent.equals(echoed) ? "as sent" : "not as sent: " + echoed + " (expected: " + sent + ")";
    }

    /** Every field set; the Go peer sends the same values. */
    private static Rich rich() {
        Inner named = Inner.builder().id(2).name("inner").build();
        return Rich.builder()
                .flag(true)
                .tiny((byte) -1)
                .tiny2((byte) 127)
                .small(Short.MIN_VALUE)
                .medium(Integer.MIN_VALUE)
                .large(Long.MIN_VALUE)
                .ratio(0.1)
                .text("Grüße, мир, 世界 🌍")
                .blob(Binary.of((byte) 0, (byte) 1, (byte) 0xfe, (byte) 0xff))
                .colour(Colour.BLUE)
                .inner(Inner.builder().id(7).name("inner").build())
                .choice(new Choice.Number(1L << 40))
                .stamp(1_700_000_000_000L)
                .words(List.of("one", "", "three"))
                .numbers(List.of(1, -1, 0))
                .tags(inOrder("x", "y"))
                .counts(Map.of("a", 1L, "b", -2L))
                .groups(Map.of(1, List.of(Inner.builder().id(1).build(), named), 2, List.of()))
                .nested(List.of(Map.of("k", inOrder((short) 1, (short) 2)), Map.of()))
                .names(Map.of(Colour.RED, "red", Colour.GREEN, "green"))
                .mustText("must")
                .mustNumber(5)
                .mayText("may")
                .mayNumber(0)
                .mayFlag(false)
                .mayInner(Inner.builder().id(9).build())
                .mayList(List.of("m"))
                .mayBlob(Binary.EMPTY)
                .withDefault("changed")
                .numberDefault(43)
                .mayDefault("set")
                .listDefault(List.of("c"))
                .colourDefault(Colour.RED)
                .class_("class")
                .package_(1)
                .lateButLowId(2)
                .farAway(1e300)
                .lastId(3)
                .build();
    }

    /** Go has lists for sets, so the order counts there; that of {@link Set#of} changes from run to run. */
    private static <E> Set<E> inOrder(E first, E second) {
        return new LinkedHashSet<>(List.of(first, second));
    }
}
