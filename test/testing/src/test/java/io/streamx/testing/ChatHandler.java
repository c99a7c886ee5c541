package io.streamx.testing;

import io.streamx.BidiStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;

/** Answers with the words of the question. */
class ChatHandler implements Chat {
    @Override
    public Token greet(Question question) {
        return new Token("hello " + question.text());
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
