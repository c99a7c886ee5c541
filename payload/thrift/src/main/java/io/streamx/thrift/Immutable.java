package io.streamx.thrift;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Copies of collections that cannot change, all the way down, in the order given: what generated structs hold. What is
 * such a copy already, or was read from the wire, is returned as it is. Null elements are refused, as Thrift has none.
 */
public final class Immutable {
    private Immutable() {}

    /**
     * An immutable list with the elements of {@code list}.
     *
     * @param what the field, for the error about a null element
     * @throws NullPointerException naming the field and the position of a null
     */
    @SuppressWarnings("unchecked") // the array holds what the list held
    public static <E> List<E> copyOf(List<E> list, String what) {
        if (list instanceof ImmutableList) {
            return list;
        }
        Object[] elements = Objects.requireNonNull(list, what).toArray();
        if (elements.length == 0) {
            return List.of();
        }
        for (int i = 0; i < elements.length; i++) {
            elements[i] = element(elements[i], what, i);
        }
        return new ImmutableList<>((E[]) elements);
    }

    /** An immutable set with the elements of {@code set}; {@code what} and errors are as with lists. */
    @SuppressWarnings("unchecked") // each element is of the type it had
    public static <E> Set<E> copyOf(Set<E> set, String what) {
        if (set instanceof ImmutableSet) {
            return set;
        }
        if (Objects.requireNonNull(set, what).isEmpty()) {
            return Set.of();
        }
        ImmutableSet.Builder<E> copy = new ImmutableSet.Builder<>(set.size());
        int position = 0;
        for (E element : set) {
            copy.add((E) element(element, what, position++));
        }
        return copy.build();
    }

    /** An immutable map with the entries of {@code map}; {@code what} and errors are as with lists. */
    @SuppressWarnings("unchecked") // each key and value is of the type it had
    public static <K, V> Map<K, V> copyOf(Map<K, V> map, String what) {
        if (map instanceof ImmutableMap) {
            return map;
        }
        if (Objects.requireNonNull(map, what).isEmpty()) {
            return Map.of();
        }
        ImmutableMap.Builder<K, V> copy = new ImmutableMap.Builder<>(map.size());
        int position = 0;
        for (Map.Entry<K, V> entry : map.entrySet()) {
            copy.put((K) element(entry.getKey(), what, position), (V) element(entry.getValue(), what, position));
            position++;
        }
        return copy.build();
    }

    /** An immutable list of {@code elements}, in this order. */
    @SafeVarargs
    @SuppressWarnings("unchecked") // the array holds nothing but E
    public static <E> List<E> listOf(E... elements) {
        Object[] copy = new Object[elements.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = Objects.requireNonNull(elements[i], "element");
        }
        return copy.length == 0 ? List.of() : new ImmutableList<>((E[]) copy);
    }

    /** An immutable set of {@code elements}, in this order; one that comes again is dropped. */
    @SafeVarargs
    public static <E> Set<E> setOf(E... elements) {
        ImmutableSet.Builder<E> set = new ImmutableSet.Builder<>(elements.length);
        for (E element : elements) {
            set.add(Objects.requireNonNull(element, "element"));
        }
        return set.build();
    }

    /** An immutable map of {@code entries}, in this order; of the values for one key the last stays. */
    @SafeVarargs
    public static <K, V> Map<K, V> mapOf(Map.Entry<K, V>... entries) {
        ImmutableMap.Builder<K, V> map = new ImmutableMap.Builder<>(entries.length);
        for (Map.Entry<K, V> entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map.build();
    }

    private static Object element(Object element, String what, int position) {
        if (element == null) {
            throw new NullPointerException(what + "[" + position + "]");
        }
        if (element instanceof Collection<?> || element instanceof Map<?, ?>) {
            return container(element, what + "[" + position + "]");
        }
        return element;
    }

    private static Object container(Object container, String what) {
        if (container instanceof List<?> list) {
            return copyOf(list, what);
        }
        if (container instanceof Set<?> set) {
            return copyOf(set, what);
        }
        if (container instanceof Map<?, ?> map) {
            return copyOf(map, what);
        }
        return container;
    }
}
