package io.streamx.idl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Sorts things that refer to each other so that what is referred to comes first, and finds the circles in which that is
 * impossible. Does not recurse: chains in hostile files are as long as memory.
 *
 * @param <T> equal only to itself
 * @param order every thing once, what it refers to before it, except where a circle forbids it
 * @param circles each as the things on it in the order they refer to each other, the first not repeated
 */
record Cycles<T>(List<T> order, List<List<T>> circles) {
    private record Visit<T>(T thing, Iterator<? extends T> references) {}

    static <T> Cycles<T> search(
            Collection<? extends T> things, Function<T, ? extends Collection<? extends T>> references) {
        List<T> order = new ArrayList<>();
        List<List<T>> circles = new ArrayList<>();
        Map<T, Boolean> finished = new HashMap<>();
        Deque<Visit<T>> path = new ArrayDeque<>();
        for (T thing : things) {
            enter(thing, references, finished, path);
            while (!path.isEmpty()) {
                Visit<T> top = path.getLast();
                if (!top.references().hasNext()) {
                    path.removeLast();
                    finished.put(top.thing(), true);
                    order.add(top.thing());
                    continue;
                }
                T next = top.references().next();
                if (Boolean.FALSE.equals(finished.get(next))) {
                    circles.add(circleBackTo(next, path));
                } else {
                    enter(next, references, finished, path);
                }
            }
        }
        return new Cycles<>(order, circles);
    }

    private static <T> void enter(
            T thing,
            Function<T, ? extends Collection<? extends T>> references,
            Map<T, Boolean> finished,
            Deque<Visit<T>> path) {
        if (finished.putIfAbsent(thing, false) == null) {
            path.addLast(new Visit<>(thing, references.apply(thing).iterator()));
        }
    }

    private static <T> List<T> circleBackTo(T start, Deque<Visit<T>> path) {
        List<T> circle = new ArrayList<>();
        for (Visit<T> visit : path) {
            if (visit.thing().equals(start) || !circle.isEmpty()) {
                circle.add(visit.thing());
            }
        }
        return circle;
    }
}
