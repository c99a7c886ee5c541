package com.example.chat;

import reactor.core.publisher.Flux;

/** Stands for a back end that streams tokens, as the clients of language models do. */
interface Model {
    /** One element a token. Whoever cancels the subscription stops the model. */
    Flux<String> tokens(String prompt);

    /** Says what it was told. */
    static Model echo() {
        return prompt -> Flux.fromArray(prompt.split(" "));
    }
}
