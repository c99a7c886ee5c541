package com.example.gradle;

import io.streamx.ServerStreamingServer;

/** What the service does. Each call has a virtual thread of its own, so waiting costs nothing. */
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
    } // returning ends the stream
}
