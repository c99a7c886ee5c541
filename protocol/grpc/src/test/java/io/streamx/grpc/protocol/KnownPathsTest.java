package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.util.AsciiString;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownPathsTest {
    private final KnownPaths paths = new KnownPaths();

    @Test
    void aPathThatComesAgainIsNotReadAgain() {
        GrpcPath first = paths.parse(AsciiString.of("/acme.v1.Echo/Say"));

        assertThat(first).isEqualTo(new GrpcPath("acme.v1", "Echo", "Say"));
        assertThat(paths.parse(AsciiString.of("/acme.v1.Echo/Say"))).isSameAs(first);
    }

    @Test
    void eachOfManyPathsIsReadAsWhatItIs() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(paths.parse(AsciiString.of("/S" + i + "/m"))).isEqualTo(new GrpcPath("", "S" + i, "m"));
            }
        }
    }

    @Test
    void pathsThatAreLongOrCameAsOtherTextsAreReadToo() {
        String name = "M".repeat(1000);
        for (CharSequence path : List.<CharSequence>of("/S/" + name, AsciiString.of("/S/" + name))) {
            assertThat(paths.parse(path)).isEqualTo(new GrpcPath("", "S", name));
        }
    }

    @Test
    void aMalformedPathIsRefusedEachTime() {
        for (int i = 0; i < 2; i++) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> paths.parse(AsciiString.of("nothing")))
                    .withMessageContaining("nothing");
        }
    }
}
