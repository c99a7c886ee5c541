package io.streamx.tls;

import java.nio.file.Path;
import javax.net.ssl.TrustManagerFactory;

/** Whom one side believes. Immutable. */
sealed interface Trust {
    /** The roots that the JDK comes with, or is told of by its system properties. */
    record OfSystem() implements Trust {}

    /** Roots in a PEM file. */
    record Files(Path roots) implements Trust {}

    /** Whatever the factory gives; the factory has been initialised before. */
    record Factory(TrustManagerFactory factory) implements Trust {}
}
