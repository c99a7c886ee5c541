package io.streamx.tls;

import java.nio.file.Path;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** What one side shows of itself. Immutable. */
sealed interface Identity {
    /** A certificate chain, its own first, and the private key, in PEM files. */
    record Files(Path chain, Path key, @Nullable String password) implements Identity {
        @Override
        public String toString() {
            return "certificate '" + chain + "' with key '" + key + "'";
        }
    }

    /** Whatever the factory gives; the factory has been initialised before. */
    record Factory(KeyManagerFactory factory) implements Identity {}
}
