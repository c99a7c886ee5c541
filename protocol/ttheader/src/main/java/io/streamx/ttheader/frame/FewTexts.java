package io.streamx.ttheader.frame;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A few string entries in the order they came. It looks at one entry after the other, which
 * for so few is faster than hashing, and keeps them in one array. Any thread may read it.
 */
final class FewTexts extends AbstractMap<String, String> {
    /** More entries than that are for a map that hashes. */
    static final int MOST = 8;

    /** Key, value, key, value. */
    private final String[] texts;

    private int size;

    /** An empty map with room for {@code entries}. */
    FewTexts(int entries) {
        texts = new String[2 * entries];
    }

    /** Adds an entry while the header is read; of two with one key the later one counts, in the place of the first. */
    void add(String key, String value) {
        int known = indexOf(key);
        if (known >= 0) {
            texts[known + 1] = value;
            return;
        }
        texts[2 * size] = key;
        texts[2 * size + 1] = value;
        size++;
    }

    private int indexOf(@Nullable Object key) {
        for (int i = 0; i < 2 * size; i += 2) {
            if (texts[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        int at = indexOf(key);
        return at < 0 ? null : texts[at + 1];
    }

    @Override
    public String getOrDefault(@Nullable Object key, String otherwise) {
        int at = indexOf(key);
        return at < 0 ? otherwise : texts[at + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return indexOf(key) >= 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < 2 * size; i += 2) {
            action.accept(texts[i], texts[i + 1]);
        }
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, String>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public Map.Entry<String, String> next() {
            if (next == size) {
                throw new NoSuchElementException("entry " + next + " of " + size);
            }
            Map.Entry<String, String> entry = Map.entry(texts[2 * next], texts[2 * next + 1]);
            next++;
            return entry;
        }
    }
}
