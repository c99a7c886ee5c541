package io.streamx.thrift;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** A set that nobody can change any more, in the order its elements came. */
final class ImmutableSet<E> extends AbstractSet<E> {
    private final Set<E> elements;

    private ImmutableSet(Set<E> elements) {
        this.elements = Collections.unmodifiableSet(elements);
    }

    @Override
    public boolean contains(Object element) {
        return elements.contains(element);
    }

    @Override
    public Iterator<E> iterator() {
        return elements.iterator();
    }

    @Override
    public int size() {
        return elements.size();
    }

    /** Collects the elements; used once. */
    static final class Builder<E> {
        private final LinkedHashSet<E> elements;

        Builder(int size) {
            elements = LinkedHashSet.newLinkedHashSet(size);
        }

        void add(E element) {
            elements.add(element);
        }

        Set<E> build() {
            return new ImmutableSet<>(elements);
        }
    }
}
