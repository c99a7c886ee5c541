package com.example.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamx.testing.StreamXServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handler alone: a server on a free port and its client come and go with each test, and no stream may stay open. */
class GreeterHandlerTest {
    @RegisterExtension
    StreamXServer server = StreamXServer.of(Greeter.bind(new GreeterHandler()));

    @Test
    void aChatGreetsNameAfterName(GreeterClient greeter) {
        assertEquals(List.of("Hello, Ada"), ClientMain.chat(greeter, List.of("Ada")));
    }
}
