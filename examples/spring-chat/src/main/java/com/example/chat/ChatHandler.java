package com.example.chat;

import io.streamx.ServerStreamingServer;
import io.streamx.spring.StreamXService;

/** Stands where a model would: says the words of the question again, one after the other. */
@StreamXService
class ChatHandler implements Chat {
    private final Answers answers;

    ChatHandler(Answers answers) {
        this.answers = answers;
    }

    @Override
    public void ask(Question question, ServerStreamingServer<Token> stream) {
        // send waits while the reader is slow, and throws when it has left: closing the source then stops the model.
        try (var tokens = answers.to(question.text())) {
            tokens.forEach(token -> stream.send(new Token(token)));
        }
    }
}
