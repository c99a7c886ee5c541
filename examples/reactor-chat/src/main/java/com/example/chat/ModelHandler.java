package com.example.chat;

import io.streamx.ServerStreamingServer;
import io.streamx.reactor.ReactorStreams;

/** Serves a model: as many tokens as the caller takes, and none after the caller has left. */
final class ModelHandler implements Chat {
    private final Model model;

    ModelHandler(Model model) {
        this.model = model;
    }

    @Override
    public void ask(Question question, ServerStreamingServer<Token> stream) {
        ReactorStreams.send(model.tokens(question.text()).map(Token::new), stream);
    }
}
