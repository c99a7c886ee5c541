package io.streamx.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.StreamingMode;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProtobufCodecTest {
    private static final ProtobufCodec<Struct> STRUCT = ProtobufCodec.of(Struct.getDefaultInstance());
    private static final ProtobufCodec<StringValue> STRING = ProtobufCodec.of(StringValue.getDefaultInstance());
    private static final ProtobufCodec<Value> VALUE = ProtobufCodec.of(Value.getDefaultInstance());

    private static final Struct SAMPLE = Struct.newBuilder()
            .putFields("name", Value.newBuilder().setStringValue("früh").build())
            .putFields(
                    "list",
                    Value.newBuilder()
                            .setListValue(ListValue.newBuilder()
                                    .addValues(Value.newBuilder().setNumberValue(1.5))
                                    .addValues(Value.newBuilder().setBoolValue(true)))
                            .build())
            .build();

    /** Every kind of memory a payload may stand in. */
    static Stream<ByteBuf> buffers() {
        CompositeByteBuf pieces = Unpooled.compositeBuffer();
        for (int i = 0; i < 100; i++) {
            pieces.addComponent(true, (i % 2 == 0 ? Unpooled.buffer(1, 1) : Unpooled.directBuffer(1, 1)).writeByte(0));
        }
        pieces.clear();
        return Stream.of(
                Unpooled.buffer(),
                Unpooled.directBuffer(),
                Unpooled.compositeBuffer(),
                pieces,
                Unpooled.buffer(200).slice(50, 150).clear());
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void aMessageComesBackFromAnyKindOfBuffer(ByteBuf buffer) {
        try {
            buffer.writeByte(0x7f);
            STRUCT.encode(SAMPLE, buffer);
            buffer.skipBytes(1);

            assertThat(buffer.readableBytes()).isEqualTo(SAMPLE.getSerializedSize());
            assertThat(STRUCT.decode(buffer)).isEqualTo(SAMPLE);
            assertThat(buffer.isReadable()).isFalse();
        } finally {
            buffer.release();
        }
    }

    @Test
    void whatIsReadKeepsNothingOfTheBuffer() {
        ProtobufCodec<BytesValue> codec = ProtobufCodec.of(BytesValue.getDefaultInstance());
        BytesValue sent = BytesValue.of(ByteString.copyFromUtf8("kept"));
        ByteBuf buffer = Unpooled.wrappedBuffer(sent.toByteArray());
        BytesValue read = codec.decode(buffer);

        buffer.setZero(0, buffer.capacity());

        assertThat(read).isEqualTo(sent);
    }

    @Test
    void aMessageWithoutFieldsIsNoBytes() {
        ProtobufCodec<Empty> codec = ProtobufCodec.of(Empty.getDefaultInstance());
        ByteBuf buffer = Unpooled.buffer();
        codec.encode(Empty.getDefaultInstance(), buffer);

        assertThat(buffer.isReadable()).isFalse();
        assertThat(codec.decode(buffer)).isEqualTo(Empty.getDefaultInstance());
    }

    @Test
    void unknownFieldsSurvive() {
        ProtobufCodec<Empty> codec = ProtobufCodec.of(Empty.getDefaultInstance());
        ByteBuf again = Unpooled.buffer();
        codec.encode(codec.decode(Unpooled.wrappedBuffer(StringValue.of("newer").toByteArray())), again);

        assertThat(STRING.decode(again)).isEqualTo(StringValue.of("newer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0a05 68 65 | ended unexpectedly",
                "0aff | ended unexpectedly",
                "0aff ff ff ff 0f | negative size",
                "ff ff ff ff ff ff ff ff ff ff ff | malformed varint",
                "00 | invalid tag (zero)",
                "0e | invalid wire type",
                "0c | end-group tag did not match",
                "0a01ff | invalid UTF-8",
                "0b | end-group tag did not match"
            })
    void bytesThatAreNoMessageAreAProtocolErrorThatNamesIt(String hex, String reason) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (ByteBuf buffer : new ByteBuf[] {
            Unpooled.wrappedBuffer(bytes), Unpooled.directBuffer().writeBytes(bytes)
        }) {
            assertThatThrownBy(() -> STRING.decode(buffer))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageStartingWith(bytes.length + " bytes are no google.protobuf.StringValue: ")
                    .hasMessageContaining(reason)
                    .hasCauseInstanceOf(InvalidProtocolBufferException.class)
                    .extracting(e -> ((ApplicationException) e).type())
                    .isEqualTo(ApplicationException.PROTOCOL_ERROR);
            buffer.release();
        }
    }

    @Test
    void everyTruncationAndManyMutationsAreAMessageOrAProtocolError() {
        byte[] whole = SAMPLE.toByteArray();
        Random random = new Random(7);
        for (int length = 0; length < whole.length; length++) {
            decodeOrRefuse(Unpooled.wrappedBuffer(whole, 0, length));
            for (int round = 0; round < 50; round++) {
                byte[] mutated = whole.clone();
                mutated[random.nextInt(whole.length)] = (byte) random.nextInt();
                mutated[length] ^= (byte) (1 << random.nextInt(8));
                decodeOrRefuse(Unpooled.wrappedBuffer(mutated));
            }
        }
    }

    private static void decodeOrRefuse(ByteBuf bytes) {
        try {
            assertThat(STRUCT.decode(bytes)).isNotNull();
        } catch (ApplicationException e) {
            assertThat(e.type()).isEqualTo(ApplicationException.PROTOCOL_ERROR);
        }
    }

    @Test
    void nestingIsBounded() {
        // A value is a list of one value: two messages for each level.
        ByteBuf allowed = Unpooled.buffer();
        VALUE.encode(nested(ProtobufCodec.MAX_DEPTH / 2), allowed);
        assertThat(VALUE.decode(allowed)).isEqualTo(nested(ProtobufCodec.MAX_DEPTH / 2));

        ByteBuf deep = Unpooled.buffer();
        VALUE.encode(nested(ProtobufCodec.MAX_DEPTH / 2 + 1), deep);
        assertThatThrownBy(() -> VALUE.decode(deep))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("too many levels of nesting");

        byte[] groups = new byte[1 << 20];
        Arrays.fill(groups, (byte) 0x7b);
        assertThatThrownBy(() -> STRING.decode(Unpooled.wrappedBuffer(groups)))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("too many levels of nesting");
    }

    @Test
    void aMessageTooDeepForTheStackSaysSo() {
        Value deep = nested(200_000);
        ByteBuf buffer = Unpooled.buffer();

        assertThatThrownBy(() -> VALUE.encode(deep, buffer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("google.protobuf.Value cannot be written: it nests too deep");
        assertThat(buffer.writerIndex()).isZero();
    }

    private static Value nested(int levels) {
        Value value = Value.newBuilder().setBoolValue(true).build();
        for (int i = 0; i < levels; i++) {
            value = Value.newBuilder()
                    .setListValue(ListValue.newBuilder().addValues(value))
                    .build();
        }
        return value;
    }

    @Test
    void aMessageLargerThanTheBufferMayBecomeLeavesItAsItWas() {
        for (ByteBuf buffer : new ByteBuf[] {Unpooled.buffer(4, 4), Unpooled.directBuffer(4, 4)}) {
            assertThatThrownBy(() -> STRING.encode(StringValue.of("longer"), buffer))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(buffer.writerIndex()).isZero();
            buffer.release();
        }
    }

    @Test
    void aRequiredFieldIsDemandedOfBothSides() {
        ProtobufCodec<UninterpretedOption.NamePart> codec =
                ProtobufCodec.of(UninterpretedOption.NamePart.getDefaultInstance());

        assertThatThrownBy(() -> codec.encode(
                        UninterpretedOption.NamePart.newBuilder()
                                .setNamePart("a")
                                .buildPartial(),
                        Unpooled.buffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("google.protobuf.UninterpretedOption.NamePart cannot be written: "
                        + "required fields are not set: is_extension");
        assertThatThrownBy(() -> codec.decode(Unpooled.EMPTY_BUFFER))
                .isInstanceOf(ApplicationException.class)
                .hasMessage("0 bytes are no google.protobuf.UninterpretedOption.NamePart: "
                        + "Message missing required fields: name_part, is_extension");
    }

    @Test
    void aResultIsTheMessageAndNoneTheEmptyOne() {
        ByteBuf buffer = Unpooled.buffer();
        STRING.encodeResult(StringValue.of("x"), buffer);
        assertThat(STRING.decode(buffer)).isEqualTo(StringValue.of("x"));

        STRING.encodeResult(null, buffer);
        assertThat(STRING.decode(buffer)).isEqualTo(StringValue.getDefaultInstance());
        assertThat(STRING.encodeException(new IllegalStateException(), buffer)).isFalse();
    }

    @Test
    void methodsAreOfProtobuf() {
        MethodDescriptor<StringValue, Struct> unary = ProtobufMethod.unary(
                "acme.chat", "Chat", "Say", StringValue.getDefaultInstance(), Struct.getDefaultInstance());
        assertThat(unary.format()).isEqualTo(PayloadFormat.PROTOBUF);
        assertThat(unary.mode()).isEqualTo(StreamingMode.UNARY);
        assertThat(unary.grpcPackage()).isEqualTo("acme.chat");
        assertThat(unary).hasToString("Chat.Say");

        MethodDescriptor<StringValue, Struct> stream = ProtobufMethod.streaming(
                "", "Chat", "Talk", StreamingMode.SERVER, StringValue.of("any"), Struct.getDefaultInstance());
        assertThat(stream.format()).isEqualTo(PayloadFormat.PROTOBUF);
        assertThat(stream.mode()).isEqualTo(StreamingMode.SERVER);
        assertThat(stream.grpcPackage()).isEmpty();
    }
}
