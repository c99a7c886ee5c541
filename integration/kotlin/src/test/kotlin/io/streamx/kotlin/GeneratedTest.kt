package io.streamx.kotlin

import io.streamx.thrift.Binary
import io.streamx.CallContext
import io.streamx.client.Client
import io.streamx.kotlin.chat.OddCoroutineClient
import io.streamx.kotlin.chat.OddCoroutines
import io.streamx.kotlin.chat.Question
import io.streamx.kotlin.chat.Refused
import io.streamx.kotlin.chat.Token
import io.streamx.server.Server
import java.time.Duration
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.catchThrowable
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** What the generator writes for Kotlin, with names and types that are words of Kotlin. */
@Timeout(60)
class GeneratedTest {
    private val told = CompletableDeferred<Boolean>()

    private inner class OddHandler : OddCoroutines {
        override suspend fun greet(question: Question): Token = Token("hello " + question.text())

        override fun ask(question: Question): Flow<Token> = question.text().split(" ").asFlow().map { Token(it) }

        override suspend fun upload(requests: Flow<Question>): Token =
            Token(requests.toList().joinToString("+") { it.text() })

        override fun talk(requests: Flow<Question>): Flow<Token> = requests.map { Token(it.text()) }

        override suspend fun many(
            number: Int,
            note: String,
            `in`: Set<Binary>,
            `val`: Double,
        ): List<Map<String, Long>> =
            if (number < 0) throw Refused("negative") else listOf(mapOf(note to `in`.size.toLong()))

        override suspend fun nothing() {
            check(CallContext.current().method() == "nothing")
        }

        override suspend fun `when`(`is`: Boolean) {
            told.complete(`is`)
        }

        override fun `fun`(`object`: Question): Flow<Token> = flowOf(Token(`object`.text()))
    }

    private val server: Server = Server.builder().port(0).service(OddCoroutines.bind(OddHandler())).start()
    private val client: Client = Client.builder("Odd").address("127.0.0.1:" + server.port()).build()
    private val odd = OddCoroutineClient(client)

    @AfterEach
    fun close() {
        client.close()
        server.close()
    }

    @Test
    fun `all shapes go from generated client to generated handler`(): Unit = runBlocking {
        assertThat(odd.greet(Question("you"))).isEqualTo(Token("hello you"))
        assertThat(odd.ask(Question("a b")).toList()).containsExactly(Token("a"), Token("b"))
        assertThat(odd.upload(flowOf(Question("a"), Question("b")))).isEqualTo(Token("a+b"))
        assertThat(odd.talk(flowOf(Question("a"))).toList()).containsExactly(Token("a"))
        assertThat(odd.`fun`(Question("x")).toList()).containsExactly(Token("x"))
    }

    @Test
    fun `arguments and results have the types of Kotlin`(): Unit = runBlocking {
        assertThat(odd.many(1, "none", setOf(Binary.of(1)), 2.0)).containsExactly(mapOf("none" to 1L))
        odd.nothing()
        odd.`when`(true)
        assertThat(told.await()).isTrue()
        val failure = catchThrowable { runBlocking { odd.many(-1, "x", setOf(), 0.0) } }
        assertThat(failure).isInstanceOf(Refused::class.java)
    }

    @Test
    fun `a view has other options`(): Unit = runBlocking {
        assertThat(odd.with { it.withTimeout(Duration.ofSeconds(30)) }.greet(Question("you")).text()).isEqualTo("hello you")
    }
}
