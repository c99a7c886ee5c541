package io.streamx.thrift;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.RandomAccess;

/** A list around an array that nobody else holds: one copy less than {@link java.util.List#of}. */
final class ImmutableList<E> extends AbstractList<E> implements RandomAccess {
    private final E[] elements;

    /** Takes ownership of {@code elements}. */
    ImmutableList(E[] elements) {
        this.elements = elements;
    }

    @Override
    public E get(int index) {
        return elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }

    @Override
    public Iterator<E> iterator() {
        return new ArrayIterator<>(elements);
    }

    private static final class ArrayIterator<E> implements Iterator<E> {
        private final E[] elements;
        private int next;

        ArrayIterator(E[] elements) {
            this.elements = elements;
        }

        @Override
        public boolean hasNext() {
            return next < elements.length;
        }

        @Override
        public E next() {
            if (next >= elements.length) {
                throw new NoSuchElementException("after element " + (elements.length - 1));
            }
            return elements[next++];
        }
    }
}
