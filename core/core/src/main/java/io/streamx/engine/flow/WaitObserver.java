package io.streamx.engine.flow;

/** Is told on the reader's thread when the reader begins to wait, and when it waits no more. */
public interface WaitObserver {
    /** The reader has found no message and begins to wait. */
    void readerWaits();

    /** The wait is over, however it ended. */
    void readerGoesOn();
}
