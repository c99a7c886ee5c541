package io.streamx.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where a PEM text comes from; {@link Object#toString} is what errors call it. Immutable. */
sealed interface PemSource {
    /**
     * The bytes as they are now.
     *
     * @param what the text is to hold, for errors
     * @throws IllegalArgumentException naming a file that cannot be read
     */
    byte[] read(String what);

    /** A file, which may change while it is used. */
    record OfFile(Path file) implements PemSource {
        @Override
        public byte[] read(String what) {
            try {
                return Files.readAllBytes(file);
            } catch (NoSuchFileException e) {
                throw new IllegalArgumentException(what + " " + this + " does not exist (expected: a PEM file)", e);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        what + " " + this + " cannot be read: " + e + " (expected: a readable PEM file)", e);
            }
        }

        @Override
        public String toString() {
            return "file '" + file + "'";
        }
    }

    /** Bytes that are at hand. Two of these are equal only when they are one object. */
    final class InMemory implements PemSource {
        private final byte[] content;

        /** Copies {@code content}, which stays the caller's. */
        InMemory(byte[] content) {
            this.content = content.clone();
        }

        @Override
        public byte[] read(String what) {
            return content;
        }

        @Override
        public String toString() {
            return "given as bytes";
        }
    }
}
