package com.example.chat

import io.streamx.testing.StreamXServer
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

class ChatTest {
    @JvmField
    @RegisterExtension
    val server: StreamXServer = StreamXServer.of(ChatCoroutines.bind(ChatHandler()))

    private val chat by lazy { ChatCoroutineClient(server.client()) }

    @Test
    fun `a call suspends`(): Unit = runBlocking { assertEquals("hello you", chat.greet(Question("you")).text()) }

    @Test
    fun `a flow is a call, which ends with its collection`(): Unit = runBlocking {
        assertEquals(listOf("a", "b"), chat.ask(Question("a b")).toList().map { it.text() })
        assertEquals("a", chat.ask(Question("a b c d")).first().text())
    }

    @Test
    fun `a flow goes through a call`(): Unit = runBlocking {
        assertEquals(listOf("x", "y"), chat.talk(flowOf(Question("x"), Question("y"))).toList().map { it.text() })
    }
}
