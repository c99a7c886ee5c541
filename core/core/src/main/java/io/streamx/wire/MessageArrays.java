package io.streamx.wire;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Arrays for large messages, to be used again: a new array for each would be most of what such a message allocates, and
 * has to be filled with zeros. An array that nobody gives back is garbage like any other, so that nothing leaks; what
 * is kept is bounded, and is the first thing to go when memory is short. Safe from any thread.
 */
public final class MessageArrays {
    /** Arrays smaller than this are made anew, because that costs less than keeping them. */
    static final int LEAST_BYTES = 2 * 1024;
    /** Arrays larger than this are made anew, because copying such a message costs more than an array does. */
    static final int MOST_BYTES = 1024 * 1024;

    /** How many bytes all arrays that are kept may have together. */
    static final long KEPT_BYTES = Math.min(8L << 20, Runtime.getRuntime().maxMemory() / 32);

    /**
     * How many sizes lie between one power of two and the next. So no array is larger than it has to be by more than a
     * fourth.
     */
    private static final int STEPS = 4;

    private static final int STEP_BITS = Integer.numberOfTrailingZeros(STEPS);
    private static final int FIRST_EXPONENT = Integer.numberOfTrailingZeros(LEAST_BYTES);
    /** How many arrays of one size are kept. */
    private static final int MAX_ARRAYS = 64;

    private static volatile SoftReference<MessageArrays> shared = new SoftReference<>(new MessageArrays());

    private final List<MpmcAtomicArrayQueue<byte[]>> bySize = new ArrayList<>();
    private final AtomicLong keptBytes = new AtomicLong();

    MessageArrays() {
        for (int index = 0; index <= indexOf(MOST_BYTES); index++) {
            bySize.add(new MpmcAtomicArrayQueue<>(MAX_ARRAYS));
        }
    }

    /** An array of at least {@code bytes} bytes, with anything in it. */
    public static byte[] take(int bytes) {
        if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
            return new byte[bytes];
        }
        MessageArrays arrays = shared.get();
        byte[] kept = arrays == null ? null : arrays.poll(bytes);
        return kept != null ? kept : new byte[sizeOf(indexOf(bytes))];
    }

    /**
     * Takes an array back, which its owner does not touch again. The array may have any length; some lengths are not
     * kept.
     */
    public static void give(byte[] array) {
        if (array.length >= LEAST_BYTES && array.length <= MOST_BYTES) {
            MessageArrays arrays = shared.get();
            if (arrays == null) {
                arrays = new MessageArrays();
                shared = new SoftReference<>(arrays);
            }
            arrays.offer(array);
        }
    }

    byte @Nullable [] poll(int bytes) {
        byte[] kept = bySize.get(indexOf(bytes)).poll();
        if (kept != null) {
            keptBytes.addAndGet(-kept.length);
        }
        return kept;
    }

    void offer(byte[] array) {
        int index = indexOf(array.length);
        if (array.length != sizeOf(index)) {
            return;
        }
        if (keptBytes.addAndGet(array.length) > KEPT_BYTES || !bySize.get(index).offer(array)) {
            keptBytes.addAndGet(-array.length);
        }
    }

    /** The number of the least size that holds {@code bytes} bytes. */
    private static int indexOf(int bytes) {
        int exponent = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(bytes);
        int step = 1 << (exponent - STEP_BITS);
        int above = (bytes - (1 << exponent) + step - 1) / step;
        return (exponent - FIRST_EXPONENT) * STEPS + above;
    }

    private static int sizeOf(int index) {
        int exponent = FIRST_EXPONENT + index / STEPS;
        return (1 << exponent) + index % STEPS * (1 << (exponent - STEP_BITS));
    }
}
