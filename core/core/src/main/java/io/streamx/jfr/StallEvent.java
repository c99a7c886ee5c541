package io.streamx.jfr;

import io.streamx.CallInfo;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A wait of a thread that uses a stream. Written with the stack of that thread, when it is long enough. */
@Category({"StreamX", "Calls"})
public abstract class StallEvent extends Event {
    @Label("Service")
    @Nullable
    String service;

    @Label("Method")
    @Nullable
    String method;

    @Label("Side")
    @Description("client or server")
    @Nullable
    String side;

    @Label("Peer")
    @Nullable
    String peer;

    private StallEvent() {}

    /** The wait is over, on the thread that waited. */
    public final void over(CallInfo call) {
        end();
        if (shouldCommit()) {
            service = call.service();
            method = call.method();
            side = CallEvent.sideOf(call);
            peer = String.valueOf(call.remoteAddress());
            commit();
        }
    }

    /** A wait for room. */
    @Name("io.streamx.SendStall")
    @Label("Send Stall")
    @Description("A send that waited, because the network or the peer takes messages more slowly than they are sent")
    @Threshold("20 ms")
    static final class OfSend extends StallEvent {}

    /** A wait for a message. Streams may rightly be silent, so that the threshold is a higher one. */
    @Name("io.streamx.ReceiveStall")
    @Label("Receive Stall")
    @Description("A recv that waited for the next message or the end of its stream")
    @Threshold("1 s")
    static final class OfReceive extends StallEvent {}
}
