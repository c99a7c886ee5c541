package io.streamx.interop;

import com.google.protobuf.StringValue;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.interop.scenario.Declared;
import io.streamx.interop.scenario.Other;
import io.streamx.protobuf.StatusDetails;
import java.util.List;
import java.util.Map;

/** The steps that are nothing but an outcome of the handler. */
final class HandlerOutcomes {
    private HandlerOutcomes() {}

    /** Throws what the step stands for; does nothing when it is another kind of step. */
    static void raise(Step step) {
        switch (step.name()) {
            case "err" -> throw new IllegalStateException(step.argument(0));
            case "panic" -> throw new HandlerFault(step.argument(0));
            case "appex" -> throw new ApplicationException(step.number(0), step.argument(1));
            case "biz" -> throw new BizStatusException(step.number(0), step.argument(1), step.entries(2));
            case "status" -> throw new StatusException(step.number(0), step.argument(1), details(step.argument(2)));
            case "gbiz" ->
                throw new BizStatusException(
                        step.number(0),
                        step.argument(1),
                        Map.of(),
                        new StatusException(step.number(2), step.argument(1), details(step.argument(3))));
            case "declared" -> throw new Declared(step.argument(0), step.number(1));
            case "other" -> throw new Other(step.argument(0));
            default -> {}
        }
    }

    /** A detail of type google.protobuf.StringValue when there is a text for it. */
    private static List<StatusDetail> details(String text) {
        return text.isEmpty() ? List.of() : List.of(StatusDetails.pack(StringValue.of(text)));
    }

    /** What stands for a panic: no exception that a handler means to throw. */
    static final class HandlerFault extends Error {
        private static final long serialVersionUID = 1L;

        HandlerFault(String message) {
            super(message);
        }
    }
}
