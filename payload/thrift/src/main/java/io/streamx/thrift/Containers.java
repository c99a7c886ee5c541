package io.streamx.thrift;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The codecs of containers. Records, because the JIT trusts their fields and so sees through nested ones. */
final class Containers {
    private Containers() {}

    record OfList<E>(ValueCodec<E> element) implements ValueCodec<List<E>> {
        @Override
        public byte type() {
            return ThriftType.LIST;
        }

        @Override
        public void write(List<E> value, ThriftWriter out) {
            out.writeElements(value, element);
        }

        @Override
        public List<E> read(ThriftReader in) {
            return in.readList(element);
        }
    }

    record OfSet<E>(ValueCodec<E> element) implements ValueCodec<Set<E>> {
        @Override
        public byte type() {
            return ThriftType.SET;
        }

        @Override
        public void write(Set<E> value, ThriftWriter out) {
            out.writeElements(value, element);
        }

        @Override
        public Set<E> read(ThriftReader in) {
            return in.readSet(element);
        }
    }

    record OfMap<K, V>(ValueCodec<K> key, ValueCodec<V> value) implements ValueCodec<Map<K, V>> {
        @Override
        public byte type() {
            return ThriftType.MAP;
        }

        @Override
        public void write(Map<K, V> entries, ThriftWriter out) {
            out.writeMap(entries, key, value);
        }

        @Override
        public Map<K, V> read(ThriftReader in) {
            return in.readMap(key, value);
        }
    }
}
