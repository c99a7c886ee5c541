package io.streamx.contract;

import io.streamx.fixtures.OpenEnds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the tests of a subclass once for each transport, with ends of their own. */
@ParameterizedClass(name = "{0}")
@EnumSource(TransportUnderTest.class)
@Timeout(60)
abstract class OnEveryTransport {
    /** Set before each test. */
    @Parameter
    TransportUnderTest transport;

    final OpenEnds ends = new OpenEnds(builder -> transport.choose(builder));

    @AfterEach
    void closeEnds() throws Exception {
        ends.close();
    }

    /** What the transport makes of what goes wrong. */
    Errors errors() {
        return transport.errors();
    }
}
