package com.example.tokens;

import io.streamx.CallContext;
import io.streamx.ServerStreamingServer;

/** The service that pages call: passes on what the model says, from where the page's last connection was lost. */
final class ChatHandler implements Chat {
    private final ModelClient model;

    ChatHandler(ModelClient model) {
        this.model = model;
    }

    @Override
    public void ask(Question question, ServerStreamingServer<Token> stream) {
        String last = CallContext.current().metadata().first("last-event-id");
        int skip = last == null ? 0 : Integer.parseInt(last);
        // A page that leaves cancels this call, and this call the one of the model.
        try (var tokens = model.generate(new Prompt(question.text(), skip))) {
            for (Token token : tokens) stream.send(token);
        }
    }
}
