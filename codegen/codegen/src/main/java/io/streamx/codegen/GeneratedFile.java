package io.streamx.codegen;

/**
 * One file to write.
 *
 * @param path relative to the output directory, with {@code /}, such as {@code com/example/echo/Request.java}
 * @param content its text, lines ended by a line feed; to be written as UTF-8
 */
public record GeneratedFile(String path, String content) {}
