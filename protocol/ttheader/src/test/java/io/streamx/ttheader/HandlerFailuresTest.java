package io.streamx.ttheader;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ApplicationException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.UnimplementedException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the caller is told of a failed handler is a value, for which no stack is walked. */
class HandlerFailuresTest {
    static Stream<Throwable> failures() {
        return Stream.of(
                new StatusException(StatusCode.NOT_FOUND, "no such word"),
                new ApplicationException(1900, "mine"),
                new UnimplementedException("Words", "spell"),
                new IllegalStateException("broken"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void outcomesHaveNoStackTrace(Throwable failure) {
        ApplicationException told = HandlerFailures.application(failure, true, "Words.spell");
        assertThat(told.getStackTrace()).isEmpty();
        assertThat(told.withStatusCode(StatusCode.DEADLINE_EXCEEDED).getStackTrace())
                .isEmpty();
        assertThat(told)
                .hasMessageContaining(String.valueOf(failure.getMessage()).replaceFirst("^status [^:]*: ", ""));
    }
}
