package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.Metadata;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrinterTest {
    @Test
    void whatAServerSaysDoesNotSteerTheTerminal() {
        StringWriter err = new StringWriter();
        Printer printer = new Printer(
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        reaction -> () -> {}),
                false);

        printer.failure(Report.of("rpc-error", "RPC error", ExitCodes.RPC_ERROR, "first\u001b[2J\nsecond\u009b1m")
                .withExtra(Map.of("key\u0007", "value\u001b[1m")));
        printer.entries("trailer", Metadata.of("name", "value\u001b]0;title\u0007"));

        assertThat(err.toString().lines())
                .containsExactly(
                        "streamx: RPC error: first\\u001b[2J",
                        "second\\u009b1m",
                        "  extra: key\\u0007=value\\u001b[1m",
                        "trailer: name=value\\u001b]0;title\\u0007");
    }
}
