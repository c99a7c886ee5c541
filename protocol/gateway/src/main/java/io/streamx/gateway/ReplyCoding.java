package io.streamx.gateway;

/**
 * Decides whether the replies of one call are compressed: as the caller compresses, unless the handler chooses otherwise, and
 * only where the caller understands it. Safe from any thread.
 */
final class ReplyCoding {
    private final boolean isUnderstood;
    private volatile boolean gzip;
    private volatile boolean isChosen;

    /**
     * A decision not yet made.
     *
     * @param isUnderstood whether the caller takes gzip
     * @param isUsed whether the caller's own messages are in gzip
     */
    ReplyCoding(boolean isUnderstood, boolean isUsed) {
        this.isUnderstood = isUnderstood || isUsed;
        gzip = isUsed;
    }

    /**
     * The handler chooses.
     *
     * @throws IllegalArgumentException when there is no compressor of that name
     */
    void choose(String name) {
        if (!name.equals(Gzip.NAME) && !name.equals(Gzip.IDENTITY)) {
            throw new IllegalArgumentException("compression: " + name + " (expected: gzip or identity)");
        }
        gzip = isUnderstood && name.equals(Gzip.NAME);
        isChosen = true;
    }

    boolean isGzip() {
        return gzip;
    }

    /** Whether a body of so many bytes goes out in gzip, where nobody has chosen. */
    boolean isGzip(int bytes, int worthFrom) {
        return gzip || (isUnderstood && !isChosen && bytes >= worthFrom);
    }
}
