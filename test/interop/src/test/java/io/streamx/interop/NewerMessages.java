package io.streamx.interop;

import io.streamx.interop.newer.Grade;
import io.streamx.interop.newer.Item;
import io.streamx.interop.newer.Message;
import io.streamx.interop.newer.Payload;
import io.streamx.thrift.Binary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of {@code newer.thrift}; the Go peer has the same. */
final class NewerMessages {
    private NewerMessages() {}

    /** Every field this IDL knows. */
    static Message full() {
        Message inside = Message.builder()
                .item(item("inside"))
                .payload(new Payload.Text("inside"))
                .build();
        return Message.builder()
                .before(1L << 40)
                .count(8)
                .item(item("box"))
                .items(List.of(item("a"), item("b")))
                .byName(Map.of("k", item("v")))
                .grade(Grade.TOP)
                .payload(new Payload.Numbers(List.of(1L, 2L)))
                .flag(true)
                .tiny((byte) -1)
                .small((short) 300)
                .ratio(0.5)
                .blob(Binary.of((byte) 0, (byte) 0xff))
                .numbers(Set.of(5, 6))
                .extra(item("extra"))
                .deep(Map.of(1, List.of(Map.of("x", Set.of((short) 1, (short) 2)), Map.of()), 2, List.of()))
                .more(List.of(inside))
                .added("set")
                .last("end")
                .second(Grade.LOW)
                .build();
    }

    private static Item item(String name) {
        return Item.builder().name(name).price(9L).unit("crate").build();
    }

    /** How a peer with this IDL sees a message of the older one. */
    static String describe(Message message) {
        String payload = message.payload() instanceof Payload.Text text ? text.value() : "unknown";
        return message.count() + " " + whole(message.item()) + " "
                + OlderMessages.items(message.items(), message.byName(), NewerMessages::whole) + " grade "
                + message.grade().value() + " payload " + payload + " last " + message.last() + ", new: before "
                + message.before() + " flag " + (message.flag() != null) + " numbers "
                + message.numbers().size() + " deep " + message.deep().size() + " more " + (message.more() != null)
                + " added " + message.added() + " second " + message.second().value();
    }

    private static String whole(@Nullable Item item) {
        return item == null ? "" : item.name() + "/" + item.unit() + "/" + (item.price() == null ? "-" : item.price());
    }
}
