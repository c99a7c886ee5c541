package com.example.nativeimage;

import io.streamx.BidiStreamingServer;
import io.streamx.ServerStreamingServer;

/** What the service does. Each call has a virtual thread of its own. */
final class ChatHandler implements Chat {
    @Override
    public Token greet(Question question) {
        return new Token("Hello, " + question.text());
    }

    @Override
    public void ask(Question question, ServerStreamingServer<Token> stream) {
        for (String word : question.text().split(" ")) {
            stream.send(new Token(word));
        }
    }

    @Override
    public void talk(BidiStreamingServer<Question, Token> stream) {
        for (Question question : stream) {
            stream.send(new Token(question.text()));
        }
    }
}
