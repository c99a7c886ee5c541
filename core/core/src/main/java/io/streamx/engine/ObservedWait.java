package io.streamx.engine;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.jfr.StallEvent;
import org.jspecify.annotations.Nullable;

/**
 * A wait of a thread that uses a stream, for those who are told of it: the flight recorder and the listeners of calls. It
 * begins and ends on that thread.
 */
final class ObservedWait {
    private final CallListener.Wait what;
    private final @Nullable StallEvent recorded;
    private final @Nullable CallEvents told;
    private final long beganNanos;

    private ObservedWait(CallListener.Wait what, @Nullable StallEvent recorded, @Nullable CallEvents told) {
        this.what = what;
        this.recorded = recorded;
        this.told = told;
        beganNanos = told == null ? 0 : System.nanoTime();
    }

    /**
     * The wait begins.
     *
     * @param recorded the begun event of the flight recorder; null where it records none
     * @param told the listeners; null where there are none
     * @return null where nobody is told of the wait
     */
    static @Nullable ObservedWait begin(
            CallListener.Wait what, @Nullable StallEvent recorded, @Nullable CallEvents told) {
        if (recorded == null && told == null) {
            return null;
        }
        ObservedWait wait = new ObservedWait(what, recorded, told);
        if (told != null) {
            told.waits(what);
        }
        return wait;
    }

    /** The wait is over, however it ended. */
    void over(CallInfo call) {
        if (recorded != null) {
            recorded.over(call);
        }
        if (told != null) {
            told.waited(what, System.nanoTime() - beganNanos);
        }
    }
}
