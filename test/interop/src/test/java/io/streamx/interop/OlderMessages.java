package io.streamx.interop;

import io.streamx.interop.older.Grade;
import io.streamx.interop.older.Item;
import io.streamx.interop.older.Message;
import io.streamx.interop.older.Payload;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages of {@code older.thrift}; the Go peer has the same. */
final class OlderMessages {
    /** The count of a message that servers answer with their exception. */
    static final int REFUSED_COUNT = -1;

    private OlderMessages() {}

    /** Every field this IDL knows. */
    static Message full() {
        return Message.builder()
                .count(7)
                .item(new Item("box"))
                .items(List.of(new Item("a"), new Item("b")))
                .byName(Map.of("k", new Item("v")))
                .grade(Grade.HIGH)
                .payload(new Payload.Text("hello"))
                .last("end")
                .build();
    }

    /** How a peer with this IDL sees a message. */
    static String describe(Message message) {
        String payload = message.payload() instanceof Payload.Text text ? text.value() : "unknown";
        return message.count() + " " + name(message.item()) + " "
                + items(message.items(), message.byName(), OlderMessages::name) + " grade "
                + message.grade().value() + " payload " + payload + " last " + message.last();
    }

    private static String name(@Nullable Item item) {
        return item == null ? "" : item.name();
    }

    static <I> String items(Collection<I> items, Map<String, I> byName, Function<I, String> describe) {
        return items.stream().map(describe).collect(Collectors.joining(" ", "[", "]"))
                + byName.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + describe.apply(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(" ", " {", "}"));
    }
}
