package io.streamx.wire;

/**
 * The whole replies of one connection that have been made and have not left: those of unary calls, which no stream counts. They
 * count in the memory of the process. A handler waits before its reply is made while its connection holds too much, as a handler
 * of a stream waits in {@code send}. Any thread.
 */
public interface UnsentReplies {
    /** The wait of one handler. */
    interface Turn {
        /**
         * Waits until the connection may hold another reply. On the handler's thread.
         *
         * @param nanos the longest wait
         * @return whether a reply may be made, as {@link UnsentReplies#enter} says; false after the longest wait, or when {@link #giveUp} was
         *     called
         * @throws InterruptedException with the thread's interrupt flag cleared
         */
        boolean await(long nanos) throws InterruptedException;

        /** Ends the wait, because nobody wants the reply any more. */
        void giveUp();
    }

    /**
     * Whether a reply may be made now. If so, {@link #leave} follows when it has been made: only as many are made at once, in the
     * whole process, as its processors can make, because nobody knows how large they will be.
     */
    boolean enter();

    /** What {@link #enter} or a turn has let in is done. */
    void leave();

    /** The wait of a handler that has found no room. */
    Turn newTurn();

    /** A reply of so many bytes has been made. */
    void made(long bytes);

    /** Replies of so many bytes have left, or never will. */
    void left(long bytes);

    /** How many bytes are held. */
    long held();
}
