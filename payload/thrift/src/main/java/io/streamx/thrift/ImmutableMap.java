package io.streamx.thrift;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A map that nobody can change any more, in the order its entries came. */
final class ImmutableMap<K, V> extends AbstractMap<K, V> {
    private final Map<K, V> entries;

    private ImmutableMap(Map<K, V> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    @Override
    public @Nullable V get(Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(key);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return entries.entrySet();
    }

    @Override
    public Set<K> keySet() {
        return entries.keySet();
    }

    /** Collects the entries; used once. */
    static final class Builder<K, V> {
        private final LinkedHashMap<K, V> entries;

        Builder(int size) {
            entries = LinkedHashMap.newLinkedHashMap(size);
        }

        void put(K key, V value) {
            entries.put(key, value);
        }

        Map<K, V> build() {
            return new ImmutableMap<>(entries);
        }
    }
}
