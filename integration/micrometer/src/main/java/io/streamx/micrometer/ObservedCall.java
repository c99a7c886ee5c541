package io.streamx.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.Observation;
import io.streamx.AttributeKey;
import io.streamx.BizStatusException;
import io.streamx.CallInfo;
import io.streamx.CallListener.Summary;
import io.streamx.service.ContextStorage;
import org.jspecify.annotations.Nullable;

/** The observation of one call. Any thread; it stops once. */
final class ObservedCall {
    /** For those who are told of the call later. */
    static final AttributeKey<ObservedCall> KEY = AttributeKey.named("observation");

    private final Observation observation;
    private @Nullable Summary summary;
    /** Whether the caller has the call's stream. Attempts that ended before did so for a call that was made again. */
    private boolean handedOut;
    /** Whether the user of the latest attempt is done with that attempt. */
    private boolean done;

    private boolean stopped;

    ObservedCall(Observation observation) {
        this.observation = observation;
    }

    /** What is known of a call as it begins, with the keys of the meters. */
    static KeyValues keyValues(CallInfo call, String side) {
        KeyValues all = KeyValues.empty();
        for (Tag tag : MethodMeters.Id.of(call).tags(side)) {
            all = all.and(KeyValue.of(tag.getKey(), tag.getValue()));
        }
        return all;
    }

    Observation observation() {
        return observation;
    }

    /** Makes the observation current until it is closed on the same thread. */
    @SuppressWarnings("MustBeClosedChecker")
    ContextStorage.Scope current() {
        return observation.openScope()::close;
    }

    /** An attempt of the call begins: a middleware within this one may make several. */
    synchronized void started() {
        done = false;
    }

    /** The call is over; its user may not know yet. */
    synchronized void finished(Summary outcome) {
        summary = outcome;
    }

    /** The user of an attempt is done with it, which ends the call unless another attempt may follow. */
    synchronized void done() {
        done = true;
        if (handedOut) {
            stop(summary == null ? null : summary.failure());
        }
    }

    /** No further attempt will be made. */
    synchronized void handedOut() {
        handedOut = true;
        if (done) {
            done();
        }
    }

    /** {@code failure} is what the caller saw the call end with; null for success. */
    synchronized void stop(@Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        stopped = true;
        String outcome = new Summary(0, 0, 0, 0, null, failure).outcome();
        observation.lowCardinalityKeyValue(MeterNames.CODE, outcome);
        if (failure != null && !(failure instanceof BizStatusException)) {
            observation.error(failure);
        }
        observation.stop();
    }
}
