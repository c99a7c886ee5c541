package io.streamx.contract;

import io.streamx.client.Client;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.ServiceDefinition;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the tests of a subclass once for each two transports: "caller" calls a handler on the first, and the handler, as
 * "middle", calls another one on the second.
 */
@ParameterizedClass(name = "{0}, then {1}")
@MethodSource("hops")
@Timeout(60)
abstract class OverTwoHops {
    /** From the caller to the first handler. Set before each test. */
    @Parameter(0)
    TransportUnderTest first;

    /** From the first handler to the last. Set before each test. */
    @Parameter(1)
    TransportUnderTest second;

    final OpenEnds ends = new OpenEnds();

    static Stream<Arguments> hops() {
        return Arrays.stream(TransportUnderTest.values())
                .flatMap(from -> Arrays.stream(TransportUnderTest.values()).map(to -> Arguments.of(from, to)));
    }

    @AfterEach
    void closeEnds() throws Exception {
        ends.close();
    }

    /** The client of the first hop. */
    Client connect(Server server) {
        return connect(server.port());
    }

    Client connect(int port) {
        return ends.connect(port, first::choose);
    }

    /** The client of the second hop, to be used in the handler of the first. */
    Client onwardTo(ServiceDefinition last) {
        return onwardTo(ends.serve(last).port());
    }

    Client onwardTo(int port) {
        return ends.connect(port, builder -> builder.callerName("middle").with(second::choose));
    }

    static <T> T soon(CompletableFuture<T> value) throws Exception {
        return value.get(20, TimeUnit.SECONDS);
    }
}
