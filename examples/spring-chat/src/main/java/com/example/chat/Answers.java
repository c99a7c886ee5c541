package com.example.chat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Where tokens come from. */
@Component
class Answers {
    Stream<String> to(String question) {
        return Arrays.stream(question.split(" "));
    }
}
