package io.streamx.endpoint;

import io.streamx.engine.flow.ProcessMemory;

/**
 * How much memory the messages of this process hold that wait to be sent or to be taken, on all connections together. Immutable.
 *
 * @param heldBytes what is held, in steps: a connection that holds less than 16 KiB in a direction is not counted
 * @param limitBytes what may be held; servers refuse new calls while more is
 */
public record MemoryStatus(long heldBytes, long limitBytes) {
    /** As it is now. Any thread. */
    public static MemoryStatus now() {
        ProcessMemory memory = ProcessMemory.shared();
        return new MemoryStatus(memory.used(), memory.limit());
    }
}
