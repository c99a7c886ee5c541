package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import golden.constants.ConstantsConstants;
import golden.constants.Defaults;
import golden.containers.Containers;
import golden.enums.Enums;
import golden.enums.Nothing;
import golden.enums.Plain;
import golden.enums.Spelling;
import golden.exceptions.Carrier;
import golden.exceptions.Clashing;
import golden.hidden.COLOR;
import golden.hidden.Call;
import golden.hidden.HiddenConstants;
import golden.hidden.ID;
import golden.hidden.LookupMethods;
import golden.hidden.Range;
import golden.literals.LiteralsConstants;
import golden.names.SnakeCaseStruct;
import golden.order.OrderConstants;
import golden.recursive.Expression;
import golden.recursive.Ping;
import golden.recursive.Pong;
import golden.recursive.Tree;
import golden.shared.Mood;
import golden.shared.Point;
import golden.structs.ManyFields;
import golden.structs.WithOptional;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.thrift.Binary;
import io.streamx.thrift.StructCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratedTypesTest {
    // Structs.

    @Test
    void everythingComesBack() {
        WithOptional struct = WithOptional.builder()
                .text("t")
                .number(5)
                .plain(new golden.structs.Plain("p", 1, true, Binary.ofUtf8("b")))
                .build();
        assertThat(again(WithOptional.CODEC, struct))
                .isEqualTo(
                        struct.toBuilder().nothing(new golden.structs.Nothing()).build());
        assertThat(struct.shared()).isNull();
    }

    @Test
    void aStructThatIsNotSetIsWrittenEmptyUnlessAReaderWouldRefuseThat() {
        WithOptional struct = WithOptional.builder().text("").build();
        // Field 5, a struct without required fields, is there and empty; field 4, one with, is left out.
        assertThat(hex(WithOptional.CODEC, struct)).isEqualTo("0b000100000000" + "0c000500" + "00");
    }

    @Test
    void fieldsOfFixedLengthAreWrittenFirst() {
        ManyFields struct = ManyFields.builder()
                .ratio(1)
                .text("t")
                .id(2)
                .negative((short) 3)
                .tiny((byte) 4)
                .automatic(5)
                .build();
        assertThat(hex(ManyFields.CODEC, struct))
                .isEqualTo("04000a3ff0000000000000" + "0a00010000000000000002" + "06ffff0003" + "03000504"
                        + "08000600000005" + "0b00030000000174" + "00");
        assertThat(again(ManyFields.CODEC, struct)).isEqualTo(struct);
    }

    @Test
    void aMissingRequiredFieldIsNamed() {
        assertThatThrownBy(() -> decode(Point.CODEC, "08000100000001" + "00"))
                .isInstanceOf(ApplicationException.class)
                .hasMessageStartingWith("required field y is not set");
        assertThatThrownBy(() -> WithOptional.builder().number(1).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("required field text of WithOptional is not set");
    }

    @Test
    void nullIsRefusedWhereItIsGiven() {
        assertThatThrownBy(() -> WithOptional.builder().text(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("text");
        assertThatThrownBy(() -> new golden.shared.Refused(null, Mood.SAD)).hasMessage("reason");
    }

    @Test
    void malformedBytesNameStructAndField() {
        ApplicationException e = catchThrowableOfType(
                ApplicationException.class, () -> decode(Containers.CODEC, "0f0001" + "0200000009" + "01"));
        assertThat(e.type()).isEqualTo(ApplicationException.PROTOCOL_ERROR);
        assertThat(e)
                .hasMessage("Containers.flags, field 1 (list) at offset 8: size 9 of at least 1 bytes each"
                        + " (expected: 0 to what fits in the 1 bytes that are left)");
    }

    @Test
    void namesThatClashGetTheirNumbersAndKeepTheirFields() {
        SnakeCaseStruct struct = new SnakeCaseStruct(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertThat(again(SnakeCaseStruct.CODEC, struct)).isEqualTo(struct);
        assertThat(struct.snakeCaseField_()).isEqualTo(2);
        assertThat(struct.hashCode_()).isEqualTo(8);
    }

    // Containers.

    @Test
    void containersComeBackInTheirOrderAndCannotBeChanged() {
        Containers struct = Containers.builder()
                .flags(List.of(true, false))
                .bytes(List.of((byte) 1))
                .shorts(List.of((short) -2))
                .doubles(List.of(1.5, Double.NaN))
                .blobs(Set.of(Binary.of((byte) 7)))
                .points(Map.of("a", new Point(1, 2)))
                .moods(Map.of(Mood.SAD, Set.of(Mood.HAPPY, Mood.of(9))))
                .deep(List.of(List.of(List.of(1L, 2L), List.of()), List.of()))
                .grid(Map.of(1, Map.of(2, "x")))
                .route(List.of(new Point(3, 4)))
                .build();
        Containers back = again(Containers.CODEC, struct);
        assertThat(back).isEqualTo(struct).hasSameHashCodeAs(struct);
        assertThat(back.moods().get(Mood.SAD))
                .containsExactlyElementsOf(struct.moods().get(Mood.SAD));
        assertThatThrownBy(() -> back.grid().get(1).put(3, "y")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void collectionsGivenMayChangeAfterwards() {
        List<Boolean> flags = new ArrayList<>(List.of(true));
        Containers struct = Containers.builder().flags(flags).grid(Map.of()).build();
        flags.add(false);
        assertThat(struct.flags()).containsExactly(true);
    }

    // Defaults and constants.

    @Test
    void defaultsHoldWhereNothingIsSetAndWhereNothingComes() {
        Defaults defaults = Defaults.builder().build();
        assertThat(defaults.tries()).isEqualTo(3);
        assertThat(defaults.names()).containsExactly("z", "a", "m");
        assertThat(defaults.point()).isEqualTo(new Point(1, 2));
        assertThat(defaults.mood()).isEqualTo(Mood.SAD);
        Defaults read = decode(
                Defaults.CODEC,
                "0b0008" + "000000046e6f6e65" + "080009" + "00000007" + "0f000e" + "0800000001" + "00000001" + "00");
        assertThat(read).isEqualTo(defaults);
    }

    @Test
    void anOptionalFieldAtItsDefaultIsNotWritten() {
        Defaults defaults = Defaults.builder().build();
        String written = hex(Defaults.CODEC, defaults);
        String other = hex(
                Defaults.CODEC, defaults.toBuilder().on(false).tiny((byte) 2).build());
        assertThat(other.length() - written.length()).isEqualTo(2 * (4 + 4));
        assertThat(again(Defaults.CODEC, defaults.toBuilder().numbers(Set.of()).build())
                        .numbers())
                .isEmpty();
    }

    @Test
    void constantsKeepTheirOrderAndEscapes() {
        assertThat(ConstantsConstants.IDS).containsExactly(3L, 1L, 2L);
        assertThat(ConstantsConstants.TABLE.keySet()).containsExactly("x", "a");
        assertThat(ConstantsConstants.GREETING).isEqualTo("héllo \"world\"\n\\ 'x'");
        assertThat(ConstantsConstants.RAW).isEqualTo(Binary.of((byte) 0, (byte) -1));
        assertThat(ConstantsConstants.HALF).isEqualTo(new Point(5, 0));
    }

    @Test
    void constantsAreComputedBehindThoseTheyAreMadeOf() {
        assertThat(OrderConstants.CONNECT).isEqualTo(1000);
        assertThat(OrderConstants.RETRIES).containsExactly(1000, 60_000);
        assertThat(OrderConstants.ZONES_OF).containsEntry("all", List.of("north", "south"));
        assertThat(OrderConstants.USUAL_NUMBER).isEqualTo(1);
        assertThat(OrderConstants.FALLBACK)
                .hasToString("Limits[burst=3, zones=[north, south], note=null, inner=Inner[retries=[1000, 60000],"
                        + " level=HIGH]]");
    }

    @Test
    void literalsKeepWhatLooksLikeJava() {
        assertThat(LiteralsConstants.INSERT)
                .isEqualTo("INSERT INTO users (id, name, email, created, updated) VALUES (?, ?, ?, now(), now()) ON"
                        + " CONFLICT (id) DO NOTHING");
        assertThat(LiteralsConstants.SAD).last().isEqualTo(":), ;) and \\ :(");
        assertThat(golden.literals.Reply.builder().build().text()).startsWith("Sorry, that did not work :( Please");
    }

    @Test
    void typesHiddenByFieldsAndConstantsAreFound() {
        Call call = Call.builder()
                .own(new golden.hidden.Base(1))
                .usual(common.Level.HIGH)
                .common(new common.Base("id"))
                .build();
        assertThat(again(Call.CODEC, call)).isEqualTo(call);
        assertThat(call.theirs()).isEqualTo(common.Level.LOW);
        assertThat(call.zones()).containsExactly("north", "south");
        assertThat(HiddenConstants.COLOR).isEqualTo(COLOR.RED);
        assertThat(HiddenConstants.ID).isEqualTo(new ID("i"));
        assertThat(LookupMethods.ID.requestCodec()).isSameAs(LookupMethods.IdArgs.CODEC);
        Range range = Range.builder().from(1).to(2).build();
        assertThat(range.toBuilder().build()).isEqualTo(range);
    }

    // Enums and unions.

    @Test
    void anEnumValueOfANewerIdlSurvives() {
        Enums struct = Enums.builder()
                .plain(Plain.of(1000))
                .spelling(Spelling.KNOWN)
                .plains(List.of(Plain.TWO, Plain.of(-7)))
                .build();
        Enums back = again(Enums.CODEC, struct);
        assertThat(back).isEqualTo(struct);
        assertThat(back.plain().value()).isEqualTo(1000);
        assertThat(back.numbered()).isEqualTo(new Plain.Unrecognized(9));
        assertThat(back.nothing()).isEqualTo(Nothing.of(0));
    }

    @Test
    void aSwitchOverAnEnumIsComplete() {
        assertThat(name(Plain.FIVE)).isEqualTo("five");
        assertThat(name(Plain.of(8))).isEqualTo("8");
        assertThat(Spelling.LIGHT_GREEN.value()).isEqualTo(1);
        assertThat(Spelling.of(-1)).isSameAs(Spelling.KNOWN);
    }

    private static String name(Plain plain) {
        return switch (plain) {
            case Plain.Known.ONE -> "one";
            case Plain.Known.TWO -> "two";
            case Plain.Known.FIVE -> "five";
            case Plain.Unrecognized other -> Integer.toString(other.value());
        };
    }

    @Test
    void aNumberWithANameIsNotUnrecognized() {
        assertThatThrownBy(() -> new Plain.Unrecognized(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value: 5 (expected: a number other than that of FIVE)");
    }

    @Test
    void anArmOfANewerIdlSurvives() {
        String newer = "0d0063" + "0b0800000001" + "0000000141" + "00000007" + "00";
        Expression expression = decode(Expression.CODEC, newer);
        assertThat(expression).isInstanceOf(Expression.Unrecognized.class);
        assertThat(hex(Expression.CODEC, expression)).isEqualTo(newer);
        assertThat(again(Expression.CODEC, decode(Expression.CODEC, "00")))
                .isEqualTo(new Expression.Unrecognized(Binary.EMPTY));
    }

    // Recursion.

    @Test
    void recursiveStructsComeBack() {
        Tree leaf = Tree.builder().name("leaf").build();
        Tree tree = Tree.builder()
                .name("root")
                .left(leaf)
                .children(List.of(leaf, leaf))
                .groups(Map.of("g", List.of(leaf)))
                .build();
        assertThat(again(Tree.CODEC, tree)).isEqualTo(tree);
        Ping ping = new Ping(new Pong(null, Set.of(new Ping(null))));
        assertThat(again(Ping.CODEC, ping)).isEqualTo(ping);
        Expression sum =
                new Expression.Sum(List.of(new Expression.Number(1), new Expression.Negated(new Expression.Number(2))));
        assertThat(again(Expression.CODEC, sum)).isEqualTo(sum);
    }

    @Test
    void recursionEndsAtTheLimit() {
        assertThatThrownBy(() -> decode(Tree.CODEC, "0c0002".repeat(1000)))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("structs nest deeper than 64");
    }

    @Test
    void whatNoReaderTakesIsNotWritten() {
        Tree tree = Tree.builder().name("leaf").build();
        for (int depth = 1; depth < 64; depth++) {
            tree = Tree.builder().name("node").left(tree).build();
        }
        assertThat(again(Tree.CODEC, tree)).isEqualTo(tree);
        Tree deeper = Tree.builder().name("root").left(tree).build();
        ByteBuf buffer = Unpooled.buffer();
        assertThatThrownBy(() -> Tree.CODEC.encode(deeper, buffer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("structs nest deeper than 64, the innermost a Tree (expected: at most 64, which a reader"
                        + " takes)");
        assertThat(buffer.isReadable()).isFalse();
    }

    // Exceptions.

    @Test
    void exceptionsAreEqualByContentAndShowTheirFields() {
        Clashing clashing = Clashing.builder()
                .message("m")
                .cause("c")
                .getMessage_(List.of("x"))
                .number(0.5)
                .build();
        assertThat(again(Carrier.CODEC, new Carrier(clashing))).isEqualTo(new Carrier(clashing));
        assertThat(clashing)
                .hasMessage("Clashing[message=m, cause=c, getMessage_=[x], stackTrace=null, number=0.5]")
                .hasNoCause();
        assertThat(clashing.message()).isEqualTo("m");
    }

    private static <T> T again(StructCodec<T> codec, T value) {
        ByteBuf buffer = Unpooled.buffer();
        codec.encode(value, buffer);
        T back = codec.decode(buffer);
        assertThat(buffer.isReadable()).isFalse();
        return back;
    }

    private static <T> String hex(StructCodec<T> codec, T value) {
        ByteBuf buffer = Unpooled.buffer();
        codec.encode(value, buffer);
        return ByteBufUtil.hexDump(buffer);
    }

    private static <T> T decode(StructCodec<T> codec, String hex) {
        return codec.decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }
}
