package io.streamx.tls;

import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** What one side shows of itself. Immutable. */
sealed interface Identity {
    /** A certificate chain, its own first, and the private key, as PEM. */
    record Pems(PemSource chain, PemSource key, @Nullable String password) implements Identity {
        /** In two files. */
        static Pems of(Path chain, Path key, @Nullable String password) {
            return new Pems(
                    new PemSource.OfFile(Objects.requireNonNull(chain, "chain")),
                    new PemSource.OfFile(Objects.requireNonNull(key, "key")),
                    password);
        }

        /** At hand. */
        static Pems of(byte[] chain, byte[] key, @Nullable String password) {
            return new Pems(
                    new PemSource.InMemory(Objects.requireNonNull(chain, "chain")),
                    new PemSource.InMemory(Objects.requireNonNull(key, "key")),
                    password);
        }

        boolean hasFiles() {
            return chain instanceof PemSource.OfFile || key instanceof PemSource.OfFile;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "certificate " + chain + " with key " + key;
        }
    }

    /** Whatever the factory gives; the factory has been initialised before. */
    record Factory(KeyManagerFactory factory) implements Identity {}
}
