package io.streamx.thrift;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A struct of every type, with a codec as the generator writes them. */
record Sample(
        boolean flag,
        byte tiny,
        short small,
        int medium,
        long large,
        double ratio,
        String text,
        Binary blob,
        List<Integer> numbers,
        Set<String> tags,
        Map<String, Long> counts,
        Map<Integer, List<Set<Short>>> nested,
        @Nullable Sample next) {
    static final StructCodec<Sample> CODEC = new Codec();

    static Sample small(String text) {
        return new Sample(
                true, (byte) 1, (short) 2, 3, 4, 5, text, Binary.EMPTY, List.of(), Set.of(), Map.of(), Map.of(), null);
    }

    private static final class Codec extends StructCodec<Sample> {
        Codec() {
            super("Sample");
        }

        @Override
        protected void writeFields(Sample value, ThriftWriter out) {
            out.writeBoolField(1, value.flag);
            out.writeByteField(2, value.tiny);
            out.writeI16Field(3, value.small);
            out.writeI32Field(4, value.medium);
            out.writeI64Field(5, value.large);
            out.writeDoubleField(6, value.ratio);
            out.writeStringField(7, value.text);
            out.writeBinaryField(8, value.blob);
            out.writeListField(9, value.numbers, ValueCodec.I32);
            out.writeSetField(10, value.tags, ValueCodec.STRING);
            out.writeMapField(11, value.counts, ValueCodec.STRING, ValueCodec.I64);
            out.writeMapField(12, value.nested, ValueCodec.I32, ValueCodec.listOf(ValueCodec.setOf(ValueCodec.I16)));
            Sample next = value.next;
            if (next != null) {
                out.writeField(-13, next, CODEC);
            }
        }

        @Override
        protected Sample readFields(ThriftReader in) {
            boolean flag = false;
            byte tiny = 0;
            short small = 0;
            int medium = 0;
            long large = 0;
            double ratio = 0;
            String text = null;
            Binary blob = Binary.EMPTY;
            List<Integer> numbers = List.of();
            Set<String> tags = Set.of();
            Map<String, Long> counts = Map.of();
            Map<Integer, List<Set<Short>>> nested = Map.of();
            Sample next = null;
            for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
                switch (field) {
                    case ThriftType.BOOL_FIELD | 1 -> flag = in.readBool();
                    case ThriftType.BYTE_FIELD | 2 -> tiny = in.readByte();
                    case ThriftType.I16_FIELD | 3 -> small = in.readI16();
                    case ThriftType.I32_FIELD | 4 -> medium = in.readI32();
                    case ThriftType.I64_FIELD | 5 -> large = in.readI64();
                    case ThriftType.DOUBLE_FIELD | 6 -> ratio = in.readDouble();
                    case ThriftType.STRING_FIELD | 7 -> text = in.readString();
                    case ThriftType.STRING_FIELD | 8 -> blob = in.readBinary();
                    case ThriftType.LIST_FIELD | 9 -> numbers = in.readList(ValueCodec.I32);
                    case ThriftType.SET_FIELD | 10 -> tags = in.readSet(ValueCodec.STRING);
                    case ThriftType.MAP_FIELD | 11 -> counts = in.readMap(ValueCodec.STRING, ValueCodec.I64);
                    case ThriftType.MAP_FIELD | 12 ->
                        nested = in.readMap(ValueCodec.I32, ValueCodec.listOf(ValueCodec.setOf(ValueCodec.I16)));
                    case ThriftType.STRUCT_FIELD | (-13 & 0xffff) -> next = CODEC.read(in);
                    default -> in.skipField();
                }
            }
            if (text == null) {
                throw in.notSet("text");
            }
            return new Sample(flag, tiny, small, medium, large, ratio, text, blob, numbers, tags, counts, nested, next);
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return switch (id) {
                case 1 -> "flag";
                case 2 -> "tiny";
                case 3 -> "small";
                case 4 -> "medium";
                case 5 -> "large";
                case 6 -> "ratio";
                case 7 -> "text";
                case 8 -> "blob";
                case 9 -> "numbers";
                case 10 -> "tags";
                case 11 -> "counts";
                case 12 -> "nested";
                case -13 -> "next";
                default -> null;
            };
        }
    }
}
