package io.streamx.thrift;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Samples of any content, the same for the same seed. */
final class Samples {
    private static final String[] TEXTS = {
        "", "a", "plain ascii", "héllo", "世界", "🚀 \u0000", "x".repeat(47), "y".repeat(48)
    };

    private final Random random;

    Samples(long seed) {
        random = new Random(seed);
    }

    Sample next(int depth) {
        List<Integer> numbers = new ArrayList<>();
        Set<String> tags = new LinkedHashSet<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<Integer, List<Set<Short>>> nested = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            numbers.add(random.nextInt());
            tags.add(text());
            counts.put(text(), random.nextLong());
            nested.put(random.nextInt(), List.of(Set.of((short) random.nextInt()), Set.of()));
        }
        byte[] blob = new byte[random.nextInt(40)];
        random.nextBytes(blob);
        @Nullable Sample next = depth > 0 && random.nextBoolean() ? next(depth - 1) : null;
        return new Sample(
                random.nextBoolean(),
                (byte) random.nextInt(),
                (short) random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                Double.longBitsToDouble(random.nextLong() & ~(1L << 62)),
                text(),
                Binary.of(blob),
                numbers,
                tags,
                counts,
                nested,
                next);
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)].repeat(1 + random.nextInt(4));
    }
}
