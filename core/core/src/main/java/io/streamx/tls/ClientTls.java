package io.streamx.tls;

import io.netty.handler.ssl.SslContext;
import io.streamx.wire.Checks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a client, version 1.3 or 1.2: whom the client believes, and what it shows of itself when a server asks.
 * The server's certificate must be for the host of the address. All but what {@link #reload} reads is immutable. One
 * object may serve any number of clients, on any thread, and needs no closing.
 *
 * <pre>{@code
 * .tls(ClientTls.builder()
 *         .trust(files.resolve("roots.pem"))
 *         .identity(files.resolve("client.pem"), files.resolve("client.key"))
 *         .reloadEvery(Duration.ofMinutes(1))
 *         .build())
 * }</pre>
 */
public final class ClientTls {
    private final TlsContexts contexts;
    private final @Nullable String serverName;

    private ClientTls(TlsContexts contexts, @Nullable String serverName) {
        this.contexts = contexts;
        this.serverName = serverName;
    }

    /** Believes whom the JDK believes. */
    public static ClientTls systemTrust() {
        return builder().build();
    }

    /**
     * Believes the certificates in a PEM file and certificates that these have issued, and no others.
     *
     * @throws IllegalArgumentException when the file is missing or holds no certificate, naming it
     */
    public static ClientTls trusting(Path roots) {
        return builder().trust(roots).build();
    }

    /**
     * Believes the certificates in a PEM text and those they have issued, and no others.
     *
     * @throws IllegalArgumentException when it holds no certificate
     */
    public static ClientTls trusting(byte[] roots) {
        return builder().trust(roots).build();
    }

    /** Begins settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the PEM files anew, now. Connections that are made from now on use what the files hold; those that are
     * there go on with what they have.
     *
     * @throws IllegalArgumentException naming the file that is wrong and how; what was read before stays in use
     * @throws IllegalStateException when nothing came from files
     */
    public void reload() {
        contexts.reload();
    }

    TlsContexts contexts() {
        return contexts;
    }

    @Nullable
    String serverName() {
        return serverName;
    }

    /** Collects settings. A builder is for one thread at a time. */
    public static final class Builder {
        private Trust trust = new Trust.OfSystem();
        private @Nullable Identity identity;
        private @Nullable String serverName;
        private boolean hostVerified = true;
        private @Nullable TlsEngine engine;
        private @Nullable Duration interval;
        private @Nullable SslContext context;
        private boolean credentialsSet;

        private Builder() {}

        /**
         * Believes the certificates in a PEM file and certificates that these have issued; when not set, those whom the
         * JDK believes.
         */
        public Builder trust(Path roots) {
            return trust(Trust.Pems.of(roots));
        }

        /** Believes the certificates in a PEM text and those they have issued. The array is copied. */
        public Builder trust(byte[] roots) {
            return trust(Trust.Pems.of(roots));
        }

        /** Believes the certificates in a PEM text that is read here, to its end. The stream stays the caller's to close. */
        public Builder trust(InputStream roots) throws IOException {
            return trust(roots.readAllBytes());
        }

        /** Believes whom the factory's managers believe; the factory has been initialised before. */
        public Builder trust(TrustManagerFactory factory) {
            return trust(new Trust.Factory(Objects.requireNonNull(factory, "factory")));
        }

        private Builder trust(Trust believed) {
            trust = believed;
            credentialsSet = true;
            return this;
        }

        /**
         * What to show a server that asks: a certificate chain, its own first, and its key, in PEM files. The key may be of
         * the form PKCS#8, PKCS#1 ({@code RSA PRIVATE KEY}) or SEC1 ({@code EC PRIVATE KEY}).
         */
        public Builder identity(Path chain, Path key) {
            return identity(Identity.Pems.of(chain, key, null));
        }

        /** What to show a server that asks, as {@link #identity(Path, Path)} takes it, with the password of the key. */
        public Builder identity(Path chain, Path key, String password) {
            return identity(Identity.Pems.of(chain, key, Objects.requireNonNull(password, "password")));
        }

        /** Shows a certificate chain, its own first, and its key, given as PEM texts. The arrays are copied. */
        public Builder identity(byte[] chain, byte[] key) {
            return identity(Identity.Pems.of(chain, key, null));
        }

        /** Shows a certificate chain and its key, given as PEM texts, with the password of the key. The arrays are copied. */
        public Builder identity(byte[] chain, byte[] key, String password) {
            return identity(Identity.Pems.of(chain, key, Objects.requireNonNull(password, "password")));
        }

        /** Shows a certificate chain and its key, read here as PEM texts. Each stream is read to its end and stays the caller's to close. */
        public Builder identity(InputStream chain, InputStream key) throws IOException {
            return identity(chain.readAllBytes(), key.readAllBytes());
        }

        /** Shows a certificate chain and its key, read here as PEM texts, with the password of the key. */
        public Builder identity(InputStream chain, InputStream key, String password) throws IOException {
            return identity(chain.readAllBytes(), key.readAllBytes(), password);
        }

        /**
         * What to show a server that asks, as the factory's managers choose; the factory has been initialised before.
         */
        public Builder identity(KeyManagerFactory factory) {
            return identity(new Identity.Factory(Objects.requireNonNull(factory, "factory")));
        }

        private Builder identity(Identity shown) {
            identity = shown;
            credentialsSet = true;
            return this;
        }

        /**
         * The name to ask for (SNI) and to find in the server's certificate; the host of the address when not set. This
         * is for addresses that certificates are not issued for.
         */
        public Builder serverName(String name) {
            if (name.isBlank() || name.indexOf(':') >= 0 || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException("serverName: '" + name + "' (expected: a host name without port)");
            }
            serverName = name;
            return this;
        }

        /**
         * Takes any trusted certificate, whatever host it is for. Whoever owns a trusted certificate can then pose as
         * the server, so {@link #serverName} is mostly what is wanted.
         */
        public Builder withoutHostVerification() {
            hostVerified = false;
            return this;
        }

        /** What computes TLS. When not set that is OpenSSL where it is on the class path, and else the JDK. */
        public Builder engine(TlsEngine engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /**
         * Looks for changed files before a connection is made, once in {@code interval} at most; never when not set. A
         * broken file is a line in the log and changes nothing.
         */
        public Builder reloadEvery(Duration interval) {
            this.interval = Checks.positive("reloadEvery", interval);
            return this;
        }

        /**
         * A context of one's own, for what is not offered here. It alone says whom to believe, which versions and
         * ciphers to use, whether to verify the host, and what to offer by ALPN: gRPC needs {@code h2}. The context
         * remains the caller's.
         */
        public Builder context(SslContext context) {
            if (!context.isClient()) {
                throw new IllegalArgumentException(
                        "context: one of a server (expected: SslContextBuilder.forClient())");
            }
            this.context = context;
            return this;
        }

        /**
         * Reads the files.
         *
         * @throws IllegalArgumentException when a file is missing or unfit, naming it and what is wrong
         * @throws IllegalStateException when settings exclude each other, or the engine is not there
         */
        public ClientTls build() {
            SslContext own = context;
            if (own != null) {
                if (credentialsSet || engine != null || interval != null || !hostVerified) {
                    throw new IllegalStateException(
                            "a context of one's own was set beside trust, identity, engine, reloadEvery or"
                                    + " withoutHostVerification (expected: the context has all of that)");
                }
                return new ClientTls(new TlsContexts(own), serverName);
            }
            String identification = hostVerified ? "HTTPS" : "";
            return new ClientTls(
                    new TlsContexts(
                            "client",
                            identity,
                            trust,
                            credentials -> credentials.forClient().endpointIdentificationAlgorithm(identification),
                            TlsEngine.provider(engine),
                            interval),
                    serverName);
        }
    }
}
