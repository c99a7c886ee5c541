package io.streamx.balancer;

import io.streamx.discovery.Instance;
import io.streamx.middleware.ClientCall;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A ring of points, of which each candidate has some by its weight; a call goes to the owner of the first point after its
 * key. Where a point is depends on the owner's address alone, so that all clients agree, and a candidate that comes or goes
 * takes or leaves its own points only.
 */
record ConsistentHash(Balancer.CallKey key) implements Balancer {
    /** 160 points for the default weight keep the shares of equals within about a fifth of each other. */
    private static final double POINTS_FOR_EACH_WEIGHT = 160 / Instance.DEFAULT_WEIGHT;

    private static final int MAX_POINTS = 1600;
    /** A point holds its owner in its lowest bits. */
    private static final int OWNER_BITS = 20;

    private static final long OWNER = (1L << OWNER_BITS) - 1;

    ConsistentHash {
        Objects.requireNonNull(key, "key");
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        if (candidates.size() > OWNER) {
            throw new IllegalArgumentException(
                    "instances: " + candidates.size() + " (expected: at most " + OWNER + " for consistent hashing)");
        }
        return new Ring(candidates.toArray(Candidate[]::new), key);
    }

    private static final class Ring implements Picker {
        private final Candidate[] all;
        private final long[] points;
        private final CallKey key;

        Ring(Candidate[] all, CallKey key) {
            this.all = all;
            this.key = key;
            int[] counts = new int[all.length];
            int total = 0;
            for (int i = 0; i < all.length; i++) {
                counts[i] = Math.clamp(Math.round(all[i].instance().weight() * POINTS_FOR_EACH_WEIGHT), 1, MAX_POINTS);
                total += counts[i];
            }
            points = new long[total];
            int next = 0;
            for (int owner = 0; owner < all.length; owner++) {
                long address = hash(all[owner].instance().address().toString());
                for (int i = 0; i < counts[owner]; i++) {
                    points[next++] = (mixed(address + i * 0x9e3779b97f4a7c15L) & ~OWNER) | owner;
                }
            }
            Arrays.sort(points);
        }

        @Override
        public @Nullable Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused) {
            String text = key.of(call, request);
            if (text == null) {
                return NotRefused.from(all, ThreadLocalRandom.current().nextInt(all.length), refused);
            }
            int found = Arrays.binarySearch(points, hash(text) & ~OWNER);
            int first = found >= 0 ? found : -found - 1;
            // Another owner's point comes within a few; the bound is for the case that all are refused.
            for (int i = 0; i < points.length; i++) {
                int index = first + i;
                Candidate owner = all[(int) (points[index < points.length ? index : index - points.length] & OWNER)];
                if (!refused.test(owner)) {
                    return owner;
                }
            }
            return null;
        }
    }

    /** FNV-1a over the characters, mixed; it makes no object. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** The finalizer of MurmurHash3: each bit of the result depends on all bits of the value. */
    private static long mixed(long value) {
        long h = value;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
