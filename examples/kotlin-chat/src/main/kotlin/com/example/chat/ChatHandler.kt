package com.example.chat

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.map

/** Says the words of questions again. */
class ChatHandler : ChatCoroutines {
    override suspend fun greet(question: Question): Token = Token("hello " + question.text())

    override fun ask(question: Question): Flow<Token> = question.text().split(" ").asFlow().map { Token(it) }

    override fun talk(requests: Flow<Question>): Flow<Token> = requests.map { Token(it.text()) }
}
