package io.streamx.tls;

import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.TrustManagerFactory;

/** Whom one side believes. Immutable. */
sealed interface Trust {
    /** The roots that the JDK comes with, or is told of by its system properties. */
    record OfSystem() implements Trust {}

    /** Roots as PEM. */
    record Pems(PemSource roots) implements Trust {
        /** In a file. */
        static Pems of(Path roots) {
            return new Pems(new PemSource.OfFile(Objects.requireNonNull(roots, "roots")));
        }

        /** At hand. */
        static Pems of(byte[] roots) {
            return new Pems(new PemSource.InMemory(Objects.requireNonNull(roots, "roots")));
        }

        boolean hasFiles() {
            return roots instanceof PemSource.OfFile;
        }
    }

    /** Whatever the factory gives; the factory has been initialised before. */
    record Factory(TrustManagerFactory factory) implements Trust {}
}
