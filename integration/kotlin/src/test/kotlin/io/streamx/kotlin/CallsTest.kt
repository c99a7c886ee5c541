package io.streamx.kotlin

import io.streamx.BidiStreamingServer
import io.streamx.BizStatusException
import io.streamx.CallContext
import io.streamx.ClientStreamingServer
import io.streamx.ServerStreamingServer
import io.streamx.Transport
import io.streamx.client.Client
import io.streamx.kotlin.chat.Chat
import io.streamx.kotlin.chat.ChatClient
import io.streamx.kotlin.chat.Question
import io.streamx.kotlin.chat.Token
import io.streamx.server.Server
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.catchThrowable
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** All four shapes between suspending callers and suspending handlers, on both transports. */
@Timeout(60)
class CallsTest {
    private val sent = AtomicInteger()
    private val begun = CompletableDeferred<Unit>()
    private val handlerEnd = CompletableDeferred<Throwable?>()

    /** Handlers in Kotlin. A question `for ever` has no end; `wait` never gets an answer. */
    private inner class KotlinChat : Chat {
        override fun greet(question: Question): Token = serve {
            when (question.text()) {
                "wait" -> endless()
                "refused" -> throw BizStatusException(7, "refused")
                "context" -> withContext(Dispatchers.Default) { Token(CallContext.current().persistent("USER") ?: "-") }
                else -> Token("hello " + question.text())
            }
        }

        override fun ask(question: Question, stream: ServerStreamingServer<Token>) = serve {
            try {
                stream.sendAll(flow {
                    if (question.text() == "for ever") {
                        while (true) {
                            emit(Token("x".repeat(1000)))
                            sent.incrementAndGet()
                        }
                    } else {
                        question.text().split(" ").forEach { emit(Token(it)) }
                    }
                })
                handlerEnd.complete(null)
            } catch (e: Throwable) {
                handlerEnd.complete(e)
                throw e
            }
            Unit
        }

        override fun upload(stream: ClientStreamingServer<Question, Token>) = serve {
            stream.sendAndClose(Token(stream.asFlow().toList().joinToString("+") { it.text() }))
        }

        override fun talk(stream: BidiStreamingServer<Question, Token>) = serve {
            try {
                stream.sendAll(stream.asFlow().map { Token(it.text()) })
                handlerEnd.complete(null)
            } catch (e: Throwable) {
                handlerEnd.complete(e)
                throw e
            }
            Unit
        }

        private suspend fun endless(): Nothing {
            begun.complete(Unit)
            try {
                awaitCancellation()
            } catch (e: CancellationException) {
                handlerEnd.complete(e)
                throw e
            }
        }
    }

    private val server: Server = Server.builder().port(0).service(Chat.bind(KotlinChat())).start()
    private lateinit var client: Client

    private fun chat(transport: Transport): ChatClient {
        client = Client.builder("Chat").address("127.0.0.1:" + server.port()).transport(transport).build()
        return ChatClient(client)
    }

    @AfterEach
    fun close() {
        client.close()
        server.close()
    }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `all four shapes`(transport: Transport): Unit = runBlocking {
        val chat = chat(transport)
        assertThat(call { chat.greet(Question("you")) }).isEqualTo(Token("hello you"))
        assertThat(flowFrom { chat.ask(Question("a b c")) }.toList()).containsExactly(Token("a"), Token("b"), Token("c"))
        val questions = listOf("one", "two").map { Question(it) }
        assertThat(questions.asFlow().sendTo { chat.upload() }).isEqualTo(Token("one+two"))
        assertThat(questions.asFlow().through { chat.talk() }.toList()).containsExactly(Token("one"), Token("two"))
    }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `a cancelled coroutine cancels its call and does not fail its scope`(transport: Transport): Unit = runBlocking {
        val chat = chat(transport)
        coroutineScope {
            val calling = async { call { chat.greet(Question("wait")) } }
            begun.await()
            calling.cancelAndJoin()
            assertThat(calling.isCancelled).isTrue()
            assertThat(runCatching { calling.await() }.exceptionOrNull()).isInstanceOf(CancellationException::class.java)
        }
        assertThat(handlerEnd.await()).isInstanceOf(CancellationException::class.java)
    }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `a cancelled collection cancels the stream and the handler sees a cancellation`(transport: Transport): Unit =
        runBlocking {
            val chat = chat(transport)
            assertThat(flowFrom { chat.ask(Question("for ever")) }.take(3).toList()).hasSize(3)
            assertThat(handlerEnd.await()).isInstanceOf(CancellationException::class.java)
        }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `a collector that waits stops the handler`(transport: Transport): Unit = runBlocking {
        val chat = chat(transport)
        val taken = CompletableDeferred<Unit>()
        val collecting = launch {
            flowFrom { chat.ask(Question("for ever")) }.collect {
                taken.complete(Unit)
                awaitCancellation()
            }
        }
        taken.await()
        // The handler runs on until memory in flight is full, and then stands: the count stays the same.
        var before: Int
        do {
            before = sent.get()
            call { CountDownLatch(1).await(300, TimeUnit.MILLISECONDS) }
        } while (sent.get() != before)
        assertThat(before).isLessThan(20_000)
        collecting.cancelAndJoin()
        assertThat(handlerEnd.await()).isInstanceOf(CancellationException::class.java)
    }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `requests that fail cancel the call and their failure is thrown`(transport: Transport): Unit = runBlocking {
        val chat = chat(transport)
        val questions = flow {
            emit(Question("one"))
            throw IllegalStateException("no more questions")
        }
        val failure = catchThrowable { runBlocking { questions.through { chat.talk() }.toList() } }
        assertThat(failure).isInstanceOf(IllegalStateException::class.java).hasMessage("no more questions")
        assertThat(handlerEnd.await()).isInstanceOf(CancellationException::class.java)
    }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `a failure of the handler is the exception that blocking code would catch`(transport: Transport): Unit =
        runBlocking {
            val chat = chat(transport)
            val failure = catchThrowable { runBlocking { call { chat.greet(Question("refused")) } } }
            assertThat(failure).isInstanceOf(BizStatusException::class.java)
        }

    @ParameterizedTest
    @EnumSource(Transport::class)
    fun `the context of the call goes along to other threads`(transport: Transport): Unit = runBlocking {
        val chat = chat(transport).withPersistent("USER", "ann")
        assertThat(call { chat.greet(Question("context")) }).isEqualTo(Token("ann"))
    }
}
