package io.streamx.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A handler that runs on after its call has ended. */
@Name("io.streamx.LateHandler")
@Label("Late Handler")
@Description(
        "A handler that runs on after its call has ended, because it pays no attention to the interrupt of its thread")
@Category({"StreamX", "Calls"})
@StackTrace(false)
public final class LateHandlerEvent extends Event {
    @Label("Method")
    @Nullable
    String method;

    @Label("Seconds After the End")
    long seconds;

    @Label("Thread")
    @Nullable
    String handlerThread;

    @Label("Stack")
    @Description("Where the handler stands")
    @Nullable
    String stack;

    private LateHandlerEvent() {}

    /** Writes that the handler of {@code method} still runs on {@code thread}, so long after its call has ended. */
    public static void tell(String method, Thread thread, long seconds, String stack) {
        LateHandlerEvent event = new LateHandlerEvent();
        if (event.isEnabled()) {
            event.method = method;
            event.handlerThread = thread.getName();
            event.seconds = seconds;
            event.stack = stack;
            event.commit();
        }
    }
}
