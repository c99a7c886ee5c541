package io.streamx.kotlin

import io.opentelemetry.api.trace.Span
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator
import io.opentelemetry.context.propagation.ContextPropagators
import io.opentelemetry.sdk.OpenTelemetrySdk
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter
import io.opentelemetry.sdk.trace.SdkTracerProvider
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor
import io.streamx.BidiStreamingServer
import io.streamx.ClientStreamingServer
import io.streamx.ServerStreamingServer
import io.streamx.Transport
import io.streamx.client.Client
import io.streamx.kotlin.chat.Chat
import io.streamx.kotlin.chat.ChatClient
import io.streamx.kotlin.chat.Question
import io.streamx.kotlin.chat.Token
import io.streamx.opentelemetry.OpenTelemetryTracing
import io.streamx.server.Server
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** What a tracer has made current for a handler is current wherever the handler's coroutines run. */
@Timeout(60)
class TracingTest {
    private val telemetry: OpenTelemetrySdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
                    .build()
            )
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build()

    private fun spans(): String = Span.current().spanContext.let { it.traceId + " " + it.spanId }

    /** Answers with the span that is current on the handler's thread, on another dispatcher, and behind a suspension. */
    private inner class Traced : Chat {
        override fun greet(question: Question): Token = serve {
            val here = spans()
            val there =
                withContext(Dispatchers.Default) {
                    val before = spans()
                    delay(1)
                    before + "," + spans()
                }
            Token("$here,$there,${spans()}")
        }

        override fun ask(question: Question, stream: ServerStreamingServer<Token>) = serve {
            withContext(Dispatchers.IO) { stream.send(Token(spans())) }
        }

        override fun upload(stream: ClientStreamingServer<Question, Token>) = Unit

        override fun talk(stream: BidiStreamingServer<Question, Token>) = Unit
    }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `the span of a call is current on other dispatchers and nowhere after it`(transport: Transport): Unit =
        runBlocking {
            val tracing = OpenTelemetryTracing.of(telemetry)
            Server.builder().port(0).service(Chat.bind(Traced())).install(tracing).start().use { server ->
                val address = "127.0.0.1:" + server.port()
                Client.builder("Chat").address(address).transport(transport).build().use { client ->
                    val chat = ChatClient(client)
                    val spans = call { chat.greet(Question("")) }.text().split(",")
                    assertThat(spans).hasSize(4)
                    assertThat(spans[0]).doesNotContain("0000000000000000")
                    assertThat(spans.distinct()).hasSize(1)
                    val ofStream = call { chat.ask(Question("")).use { stream -> stream.recv()!!.text() } }
                    assertThat(ofStream).doesNotContain("0000000000000000")
                    // The threads of the dispatcher are clean again.
                    assertThat(withContext(Dispatchers.Default) { Span.current().spanContext.isValid }).isFalse()
                }
            }
        }
}
