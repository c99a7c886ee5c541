package io.streamx.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints what is wrong with services and clients in place of a stack trace. */
final class SetupFailureAnalyzer extends AbstractFailureAnalyzer<StreamXSetupException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, StreamXSetupException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
