package io.streamx;

import io.streamx.auth.CallCredentials;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Entries that travel beside messages, in the order they travel in. On gRPC a name may have several values, and a name
 * that ends in {@code -bin} has bytes, in the form that {@link BinaryValue} describes. A TTHeader stream has one value
 * for each name and refuses more where they are set. Names are kept as they were given, and found whatever their
 * capitals are; gRPC sends them in lower case. Metadata is immutable and safe on any thread.
 *
 * <pre>{@code
 * Metadata tags = Metadata.builder().add("tag", "blue").add("tag", "large").add("signature-bin", bytes).build();
 * String reply = echo.withMetadata(tags).say("hello");
 *
 * List<String> tags = CallContext.current().metadata().values("tag");
 * }</pre>
 *
 * <p>Source: gRPC over HTTP/2, Custom-Metadata.
 */
public final class Metadata {
    /** No entries. */
    public static final Metadata EMPTY = new Metadata(List.of());

    /**
     * One name with one value.
     *
     * @param name as it was given, or as it came
     * @param value a text, or bytes as {@link BinaryValue} writes them
     */
    public record Entry(String name, String value) {
        /** Neither {@code name} nor {@code value} may be null. */
        public Entry {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }

        private boolean isNamed(String other) {
            return name.equalsIgnoreCase(other);
        }

        /** The entry; of credentials ({@code authorization}) only that there are some. */
        @Override
        public String toString() {
            return name + '=' + (isNamed(CallCredentials.AUTHORIZATION) ? "(hidden)" : value);
        }
    }

    private final List<Entry> entries;

    private Metadata(List<Entry> entries) {
        this.entries = entries;
    }

    private static Metadata ofList(List<Entry> entries) {
        return entries.isEmpty() ? EMPTY : new Metadata(List.copyOf(entries));
    }

    /** One value of one name. */
    public static Metadata of(String name, String value) {
        return new Metadata(List.of(new Entry(name, value)));
    }

    /** One value for each name, in the order of the map. */
    public static Metadata of(Map<String, String> entries) {
        if (entries.isEmpty()) {
            return EMPTY;
        }
        List<Entry> list = new ArrayList<>(entries.size());
        entries.forEach((name, value) -> list.add(new Entry(name, value)));
        return ofList(list);
    }

    /** Collects entries. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether there are no entries. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** All entries in order. */
    public List<Entry> entries() {
        return entries;
    }

    /** All names in the order of their first values, as they were given. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        entries.forEach(entry -> names.add(entry.name));
        return names;
    }

    /** Shows all entries in order. */
    public void forEach(BiConsumer<String, String> receiver) {
        entries.forEach(entry -> receiver.accept(entry.name, entry.value));
    }

    /** The first value of a name; null when there is none. */
    public @Nullable String first(String name) {
        for (Entry entry : entries) {
            if (entry.isNamed(name)) {
                return entry.value;
            }
        }
        return null;
    }

    /** All values of a name in order; empty when there are none. */
    public List<String> values(String name) {
        return entries.stream()
                .filter(entry -> entry.isNamed(name))
                .map(Entry::value)
                .toList();
    }

    /** All values of a name as bytes: those of a {@code -bin} name, or the UTF-8 of texts. */
    public List<byte[]> binaryValues(String name) {
        return values(name).stream().map(BinaryValue::bytes).toList();
    }

    /** The first value of each name. */
    public Map<String, String> firstValues() {
        if (entries.isEmpty()) {
            return Map.of();
        }
        Map<String, String> first = new LinkedHashMap<>();
        entries.forEach(entry -> first.putIfAbsent(entry.name, entry.value));
        return first;
    }

    /** These entries and one more behind them. */
    public Metadata plus(String name, String value) {
        return plus(of(name, value));
    }

    /** These entries and others behind them. */
    public Metadata plus(Metadata others) {
        if (entries.isEmpty() || others.entries.isEmpty()) {
            return entries.isEmpty() ? others : this;
        }
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(others.entries);
        return ofList(all);
    }

    /** These entries without those whose names the others have too, whatever their capitals are, and the others behind them. */
    public Metadata replacedBy(Metadata others) {
        if (entries.isEmpty() || others.entries.isEmpty()) {
            return plus(others);
        }
        List<Entry> all = new ArrayList<>(entries);
        all.removeIf(entry -> others.first(entry.name) != null);
        all.addAll(others.entries);
        return ofList(all);
    }

    /** These entries without those of these names, whatever their capitals are. */
    public Metadata without(Collection<String> names) {
        return ofList(entries.stream()
                .filter(entry -> names.stream().noneMatch(entry.name::equalsIgnoreCase))
                .toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Metadata metadata && entries.equals(metadata.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    /**
     * The entries with their values, but for those of {@code authorization}. Other values may be secrets too, so the text is not
     * for logs.
     */
    @Override
    public String toString() {
        return entries.stream().map(Entry::toString).collect(Collectors.joining(", ", "{", "}"));
    }

    /** Collects entries in order. A builder is for one thread at a time. */
    public static final class Builder {
        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        /** Adds a value of a name, behind those that the name has already. */
        public Builder add(String name, String value) {
            entries.add(new Entry(name, value));
            return this;
        }

        /** Adds bytes as a value of a name, which on gRPC has to end in {@code -bin}. */
        public Builder add(String name, byte[] value) {
            return add(name, BinaryValue.of(value));
        }

        /** The entries so far. */
        public Metadata build() {
            return ofList(entries);
        }
    }
}
