package io.streamx.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;

/** The messages as the Apache compiler would generate them for the standard scheme, as far as encoding goes. */
final class ApacheMessages {
    private ApacheMessages() {}

    static final class Small {
        private static final TStruct STRUCT = new TStruct("Small");
        private static final TField ID = new TField("id", TType.I64, (short) 1);
        private static final TField KIND = new TField("kind", TType.I32, (short) 2);
        private static final TField NAME = new TField("name", TType.STRING, (short) 3);
        private static final TField TEXT = new TField("text", TType.STRING, (short) 4);
        private static final TField URGENT = new TField("urgent", TType.BOOL, (short) 5);

        long id;
        int kind;
        String name;
        String text;
        boolean urgent;

        void write(TProtocol out) throws TException {
            out.writeStructBegin(STRUCT);
            out.writeFieldBegin(ID);
            out.writeI64(id);
            out.writeFieldEnd();
            out.writeFieldBegin(KIND);
            out.writeI32(kind);
            out.writeFieldEnd();
            out.writeFieldBegin(NAME);
            out.writeString(name);
            out.writeFieldEnd();
            out.writeFieldBegin(TEXT);
            out.writeString(text);
            out.writeFieldEnd();
            out.writeFieldBegin(URGENT);
            out.writeBool(urgent);
            out.writeFieldEnd();
            out.writeFieldStop();
            out.writeStructEnd();
        }

        Small read(TProtocol in) throws TException {
            in.readStructBegin();
            for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
                switch (field.id) {
                    case 1 -> id = in.readI64();
                    case 2 -> kind = in.readI32();
                    case 3 -> name = in.readString();
                    case 4 -> text = in.readString();
                    case 5 -> urgent = in.readBool();
                    default -> TProtocolUtil.skip(in, field.type);
                }
                in.readFieldEnd();
            }
            in.readStructEnd();
            return this;
        }
    }

    static final class Large {
        private static final TStruct STRUCT = new TStruct("Large");
        private static final TField KEY = new TField("key", TType.STRING, (short) 1);
        private static final TField IDS = new TField("ids", TType.LIST, (short) 2);
        private static final TField NAMES = new TField("names", TType.LIST, (short) 3);
        private static final TField ATTRIBUTES = new TField("attributes", TType.MAP, (short) 4);
        private static final TField ITEMS = new TField("items", TType.LIST, (short) 5);
        private static final TField FIRST = new TField("first", TType.STRUCT, (short) 6);
        private static final TField BLOB = new TField("blob", TType.STRING, (short) 7);
        private static final TField SCORE = new TField("score", TType.DOUBLE, (short) 8);
        private static final TField LIMIT = new TField("limit", TType.I32, (short) 9);

        String key;
        List<Long> ids;
        List<String> names;
        Map<String, String> attributes;
        List<Small> items;
        Small first;
        ByteBuffer blob;
        double score;
        int limit;

        void write(TProtocol out) throws TException {
            out.writeStructBegin(STRUCT);
            out.writeFieldBegin(KEY);
            out.writeString(key);
            out.writeFieldEnd();
            out.writeFieldBegin(IDS);
            out.writeListBegin(new TList(TType.I64, ids.size()));
            for (long id : ids) {
                out.writeI64(id);
            }
            out.writeListEnd();
            out.writeFieldEnd();
            out.writeFieldBegin(NAMES);
            out.writeListBegin(new TList(TType.STRING, names.size()));
            for (String name : names) {
                out.writeString(name);
            }
            out.writeListEnd();
            out.writeFieldEnd();
            out.writeFieldBegin(ATTRIBUTES);
            out.writeMapBegin(new TMap(TType.STRING, TType.STRING, attributes.size()));
            for (Map.Entry<String, String> entry : attributes.entrySet()) {
                out.writeString(entry.getKey());
                out.writeString(entry.getValue());
            }
            out.writeMapEnd();
            out.writeFieldEnd();
            out.writeFieldBegin(ITEMS);
            out.writeListBegin(new TList(TType.STRUCT, items.size()));
            for (Small item : items) {
                item.write(out);
            }
            out.writeListEnd();
            out.writeFieldEnd();
            out.writeFieldBegin(FIRST);
            first.write(out);
            out.writeFieldEnd();
            out.writeFieldBegin(BLOB);
            out.writeBinary(blob);
            out.writeFieldEnd();
            out.writeFieldBegin(SCORE);
            out.writeDouble(score);
            out.writeFieldEnd();
            out.writeFieldBegin(LIMIT);
            out.writeI32(limit);
            out.writeFieldEnd();
            out.writeFieldStop();
            out.writeStructEnd();
        }

        Large read(TProtocol in) throws TException {
            in.readStructBegin();
            for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
                switch (field.id) {
                    case 1 -> key = in.readString();
                    case 2 -> {
                        TList list = in.readListBegin();
                        ids = new ArrayList<>(list.size);
                        for (int i = 0; i < list.size; i++) {
                            ids.add(in.readI64());
                        }
                        in.readListEnd();
                    }
                    case 3 -> {
                        TList list = in.readListBegin();
                        names = new ArrayList<>(list.size);
                        for (int i = 0; i < list.size; i++) {
                            names.add(in.readString());
                        }
                        in.readListEnd();
                    }
                    case 4 -> {
                        TMap map = in.readMapBegin();
                        attributes = new HashMap<>(2 * map.size);
                        for (int i = 0; i < map.size; i++) {
                            attributes.put(in.readString(), in.readString());
                        }
                        in.readMapEnd();
                    }
                    case 5 -> {
                        TList list = in.readListBegin();
                        items = new ArrayList<>(list.size);
                        for (int i = 0; i < list.size; i++) {
                            items.add(new Small().read(in));
                        }
                        in.readListEnd();
                    }
                    case 6 -> first = new Small().read(in);
                    case 7 -> blob = in.readBinary();
                    case 8 -> score = in.readDouble();
                    case 9 -> limit = in.readI32();
                    default -> TProtocolUtil.skip(in, field.type);
                }
                in.readFieldEnd();
            }
            in.readStructEnd();
            return this;
        }
    }
}
