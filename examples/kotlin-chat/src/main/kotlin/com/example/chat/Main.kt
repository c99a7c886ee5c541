package com.example.chat

import io.streamx.client.Client
import io.streamx.server.Server
import kotlinx.coroutines.runBlocking

/** Serves, and asks itself once. */
fun main(): Unit = runBlocking {
    Server.builder().port(8888).service(ChatCoroutines.bind(ChatHandler())).start().use {
        Client.builder("chat").address("127.0.0.1:8888").build().use { client ->
            ChatCoroutineClient(client).ask(Question("why is the sky blue")).collect { println(it.text()) }
        }
    }
}
