package io.streamx.kotlin

import io.streamx.CallContext
import io.streamx.client.Client
import io.streamx.kotlin.rooms.Line
import io.streamx.kotlin.rooms.RoomsCoroutineClient
import io.streamx.kotlin.rooms.RoomsCoroutines
import io.streamx.server.Server
import java.time.Duration
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.catchThrowable
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** What the protoc plugin writes for Kotlin. */
@Timeout(60)
class GeneratedOfProtobufTest {
    private val began = CompletableDeferred<Unit>()
    private val ended = CompletableDeferred<Throwable?>()

    private inner class RoomsHandler : RoomsCoroutines {
        override suspend fun say(request: Line): Line {
            if (request.text == "forever") {
                began.complete(Unit)
                try {
                    awaitCancellation()
                } catch (e: Throwable) {
                    ended.complete(e)
                    throw e
                }
            }
            // On a thread of a dispatcher the context of the call is that of the handler.
            return withContext(Dispatchers.Default) {
                line(request.text + " of " + CallContext.current().persistent("TENANT"))
            }
        }

        override fun `when`(request: Line): Flow<Line> =
            if (request.text == "forever") {
                flow {
                    emit(request)
                    awaitCancellation()
                }.onCompletion { ended.complete(it) }
            } else {
                request.text.split(" ").asFlow().map { line(it) }
            }

        override suspend fun upload(requests: Flow<Line>): Line.Count =
            Line.Count.newBuilder().setLines(requests.toList().size).build()

        override fun talk(requests: Flow<Line>): Flow<Line> = requests.map { line(it.text.uppercase()) }
    }

    private fun line(text: String): Line = Line.newBuilder().setText(text).build()

    private val server: Server = Server.builder().port(0).service(RoomsCoroutines.bind(RoomsHandler())).start()
    private val client: Client = Client.builder("Rooms").address("127.0.0.1:" + server.port()).build()
    private val rooms = RoomsCoroutineClient(client)

    @AfterEach
    fun close() {
        client.close()
        server.close()
    }

    @Test
    fun `all shapes go from generated client to generated handler`(): Unit = runBlocking {
        assertThat(rooms.with { it.withPersistent("TENANT", "acme") }.say(line("hello"))).isEqualTo(line("hello of acme"))
        assertThat(rooms.`when`(line("a b")).toList()).containsExactly(line("a"), line("b"))
        assertThat(rooms.upload(flowOf(line("a"), line("b")))?.lines).isEqualTo(2)
        assertThat(rooms.talk(flowOf(line("a"), line("b"))).toList()).containsExactly(line("A"), line("B"))
    }

    @Test
    fun `a cancelled coroutine cancels its handler`(): Unit = runBlocking {
        val calling = launch { rooms.say(line("forever")) }
        began.await()
        calling.cancelAndJoin()
        assertThat(withTimeout(20_000) { ended.await() }).isInstanceOf(kotlinx.coroutines.CancellationException::class.java)
    }

    @Test
    fun `a collector that leaves cancels the flow of the handler`(): Unit = runBlocking {
        assertThat(rooms.`when`(line("forever")).first()).isEqualTo(line("forever"))
        assertThat(withTimeout(20_000) { ended.await() }).isInstanceOf(kotlinx.coroutines.CancellationException::class.java)
    }

    @Test
    fun `a time limit ends the call at both ends`(): Unit = runBlocking {
        val failure =
            catchThrowable { runBlocking { rooms.with { it.withTimeout(Duration.ofMillis(200)) }.say(line("forever")) } }
        assertThat(failure).isInstanceOf(io.streamx.RpcException::class.java)
        assertThat((failure as io.streamx.RpcException).statusCode()).isEqualTo(io.streamx.StatusCode.DEADLINE_EXCEEDED)
        assertThat(withTimeout(20_000) { ended.await() }).isInstanceOf(kotlinx.coroutines.CancellationException::class.java)
    }
}
