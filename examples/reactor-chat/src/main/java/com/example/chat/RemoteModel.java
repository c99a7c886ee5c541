package com.example.chat;

import io.streamx.reactor.ReactorStreams;
import reactor.core.publisher.Flux;

/** A model behind another server: each subscription is a call, which ends when the subscription is cancelled. */
record RemoteModel(ChatClient chat) implements Model {
    @Override
    public Flux<String> tokens(String prompt) {
        return ReactorStreams.flux(() -> chat.ask(new Question(prompt))).map(Token::text);
    }
}
