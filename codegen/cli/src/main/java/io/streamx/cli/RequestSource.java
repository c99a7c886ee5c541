package io.streamx.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where requests come from: a text, a file, or the standard input. */
final class RequestSource {
    private static final char REPLACEMENT = '\uFFFD';

    private RequestSource() {}

    /**
     * Opens the source of the requests.
     *
     * @param data what {@code -d} was given; null when it was not
     * @param isStream whether the caller sends any number of messages
     */
    static JsonMessages open(@Nullable String data, boolean isStream, InputStream standardInput) throws IOException {
        if (data == null) {
            return isStream ? standardInput(standardInput) : JsonMessages.of("request", "{}");
        }
        if (data.equals("@") || data.equals("@-")) {
            return standardInput(standardInput);
        }
        if (data.startsWith("@")) {
            return file(Path.of(data.substring(1)));
        }
        if (data.indexOf(REPLACEMENT) >= 0) {
            throw new BadInputException(
                    "-d: has characters that the locale of this process cannot hold (expected: a UTF-8"
                            + " locale, or -d @ with the message on the standard input)");
        }
        return JsonMessages.of("-d", data);
    }

    private static JsonMessages standardInput(InputStream in) throws IOException {
        return JsonMessages.ofStandardInput(in);
    }

    private static JsonMessages file(Path path) throws IOException {
        try {
            return JsonMessages.ofFile(path);
        } catch (NoSuchFileException e) {
            throw new BadInputException("-d: no file " + path + " (expected: @ and a file of JSON messages)", e);
        }
    }
}
