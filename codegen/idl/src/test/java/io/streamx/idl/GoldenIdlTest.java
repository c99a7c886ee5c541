package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GoldenIdlTest {
    private static Document load(String name) throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(GoldenIdlTest.class.getResource("/idl/" + name))
                .toURI());
        IdlResult result = ThriftIdl.load(List.of(file), List.of());
        assertThat(result.diagnostics()).isEmpty();
        return result.documents().get(0);
    }

    @Test
    void theEchoServiceIsUnderstood() throws URISyntaxException {
        Document document = load("echo.thrift");
        assertThat(document.namespace("go")).isEqualTo("echo");
        Service service = document.definitions(Service.class).get(0);
        assertThat(service.functions())
                .extracting(function -> function.name() + " " + function.mode())
                .containsExactly("PingPong UNARY", "Echo BIDIRECTIONAL", "EchoClient CLIENT", "EchoServer SERVER");
    }

    @Test
    void theScenarioServiceIsUnderstood() throws URISyntaxException {
        Document document = load("scenario.thrift");
        assertThat(document.definitions(StructType.class))
                .filteredOn(struct -> struct.name().equals("Rich"))
                .first()
                .extracting(struct -> struct.field("groups").type().toString())
                .isEqualTo("map<i32, list<Inner>>");
    }
}
