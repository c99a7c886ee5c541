package io.streamx.tls;

import io.netty.handler.ssl.ClientAuth;
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
 * The TLS of a server, version 1.3 or 1.2: what the server shows of itself, and whether clients are to show
 * certificates too. All but what {@link #reload} reads is immutable. One object may serve any number of servers, on any
 * thread, and needs no closing.
 *
 * <pre>{@code
 * .tls(ServerTls.builder()
 *         .identity(files.resolve("server.pem"), files.resolve("server.key"))
 *         .requireClientCertificates(files.resolve("roots.pem"))
 *         .reloadEvery(Duration.ofMinutes(1))
 *         .build())
 * }</pre>
 */
public final class ServerTls {
    private final TlsContexts contexts;
    private final boolean clearTextAllowed;

    private ServerTls(TlsContexts contexts, boolean clearTextAllowed) {
        this.contexts = contexts;
        this.clearTextAllowed = clearTextAllowed;
    }

    /**
     * Shows this certificate chain, its own first, and asks clients for none.
     *
     * @param chain a PEM file
     * @param key a PEM file with the key of the first certificate
     * @throws IllegalArgumentException when a file is missing or unfit, naming it and what is wrong
     */
    public static ServerTls of(Path chain, Path key) {
        return builder().identity(chain, key).build();
    }

    /**
     * Shows a certificate chain given as a PEM text, such as that of a secret, and asks clients for none.
     *
     * @throws IllegalArgumentException when one is unfit, saying what is wrong
     */
    public static ServerTls of(byte[] chain, byte[] key) {
        return builder().identity(chain, key).build();
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

    boolean isClearTextAllowed() {
        return clearTextAllowed;
    }

    /** Collects settings. A builder is for one thread at a time. */
    public static final class Builder {
        private @Nullable Identity identity;
        private @Nullable Trust clientTrust;
        private ClientAuth clients = ClientAuth.NONE;
        private boolean clearTextAllowed;
        private @Nullable TlsEngine engine;
        private @Nullable Duration interval;
        private @Nullable SslContext context;

        private Builder() {}

        /**
         * What to show clients: a certificate chain, its own first, and its key, in PEM files. The key may be of the form
         * PKCS#8, PKCS#1 ({@code RSA PRIVATE KEY}) or SEC1 ({@code EC PRIVATE KEY}).
         */
        public Builder identity(Path chain, Path key) {
            identity = Identity.Pems.of(chain, key, null);
            return this;
        }

        /** What to show clients, as {@link #identity(Path, Path)} takes it, with the password of the key. */
        public Builder identity(Path chain, Path key, String password) {
            identity = Identity.Pems.of(chain, key, Objects.requireNonNull(password, "password"));
            return this;
        }

        /** Shows a certificate chain, its own first, and its key, given as PEM texts. The arrays are copied. */
        public Builder identity(byte[] chain, byte[] key) {
            identity = Identity.Pems.of(chain, key, null);
            return this;
        }

        /** Shows a certificate chain and its key, given as PEM texts, with the password of the key. The arrays are copied. */
        public Builder identity(byte[] chain, byte[] key, String password) {
            identity = Identity.Pems.of(chain, key, Objects.requireNonNull(password, "password"));
            return this;
        }

        /** Shows a certificate chain and its key, read here as PEM texts. Each stream is read to its end and stays the caller's to close. */
        public Builder identity(InputStream chain, InputStream key) throws IOException {
            return identity(chain.readAllBytes(), key.readAllBytes());
        }

        /** Shows a certificate chain and its key, read here as PEM texts, with the password of the key. */
        public Builder identity(InputStream chain, InputStream key, String password) throws IOException {
            return identity(chain.readAllBytes(), key.readAllBytes(), password);
        }

        /** What to show clients, as the factory's managers choose; it has been initialised. */
        public Builder identity(KeyManagerFactory factory) {
            identity = new Identity.Factory(Objects.requireNonNull(factory, "factory"));
            return this;
        }

        /**
         * Refuses clients without a certificate that is in this PEM file or was issued by one in it. Handlers find the
         * certificate in {@link io.streamx.CallContext#peerCertificates}.
         */
        public Builder requireClientCertificates(Path roots) {
            return clients(ClientAuth.REQUIRE, Trust.Pems.of(roots));
        }

        /** Refuses clients whose certificate is not in this PEM text and was not issued by one in it. The array is copied. */
        public Builder requireClientCertificates(byte[] roots) {
            return clients(ClientAuth.REQUIRE, Trust.Pems.of(roots));
        }

        /** Refuses clients whom the PEM text that is read here does not vouch for. The stream stays the caller's to close. */
        public Builder requireClientCertificates(InputStream roots) throws IOException {
            return requireClientCertificates(roots.readAllBytes());
        }

        /**
         * As the method that takes a PEM file, for certificates that the factory's managers believe; the factory has
         * been initialised before.
         */
        public Builder requireClientCertificates(TrustManagerFactory factory) {
            return clients(ClientAuth.REQUIRE, new Trust.Factory(Objects.requireNonNull(factory, "factory")));
        }

        /**
         * Asks for a certificate that is in this PEM file or was issued by one in it, and serves clients without a
         * certificate too. Clients with another certificate are refused.
         */
        public Builder acceptClientCertificates(Path roots) {
            return clients(ClientAuth.OPTIONAL, Trust.Pems.of(roots));
        }

        /** Asks for a certificate that this PEM text vouches for, and serves clients without one too. The array is copied. */
        public Builder acceptClientCertificates(byte[] roots) {
            return clients(ClientAuth.OPTIONAL, Trust.Pems.of(roots));
        }

        /** Asks for a certificate that the PEM text that is read here vouches for. The stream stays the caller's to close. */
        public Builder acceptClientCertificates(InputStream roots) throws IOException {
            return acceptClientCertificates(roots.readAllBytes());
        }

        /**
         * As the method that takes a PEM file, for certificates that the factory's managers believe; the factory has
         * been initialised before.
         */
        public Builder acceptClientCertificates(TrustManagerFactory factory) {
            return clients(ClientAuth.OPTIONAL, new Trust.Factory(Objects.requireNonNull(factory, "factory")));
        }

        private Builder clients(ClientAuth asked, Trust trust) {
            clients = asked;
            clientTrust = trust;
            return this;
        }

        /**
         * Serves connections without TLS too, on the port for those with TLS. They are refused when this is not set.
         */
        public Builder allowClearText() {
            clearTextAllowed = true;
            return this;
        }

        /** What computes TLS. When not set that is OpenSSL where it is on the class path, and else the JDK. */
        public Builder engine(TlsEngine engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /**
         * Looks for changed files once in {@code interval} while a server runs; never when not set. A broken file is a
         * line in the log and changes nothing.
         */
        public Builder reloadEvery(Duration interval) {
            this.interval = Checks.positive("reloadEvery", interval);
            return this;
        }

        /**
         * A context of one's own, for what is not offered here. It alone says what to show and to ask for, which
         * versions and ciphers to use, and what to agree on by ALPN: gRPC clients ask for {@code h2}. The context
         * remains the caller's.
         */
        public Builder context(SslContext context) {
            if (context.isClient()) {
                throw new IllegalArgumentException(
                        "context: one of a client (expected: SslContextBuilder.forServer(..))");
            }
            this.context = context;
            return this;
        }

        /**
         * Reads the files.
         *
         * @throws IllegalArgumentException when a file is missing or unfit, naming it and what is wrong
         * @throws IllegalStateException when there is no identity, settings exclude each other, or the engine is not there
         */
        public ServerTls build() {
            SslContext own = context;
            if (own != null) {
                if (identity != null || clientTrust != null || engine != null || interval != null) {
                    throw new IllegalStateException(
                            "a context of one's own was set beside identity, client certificates, engine or reloadEvery"
                                    + " (expected: the context has all of that)");
                }
                return new ServerTls(new TlsContexts(own), clearTextAllowed);
            }
            if (identity == null) {
                throw new IllegalStateException(
                        "no identity was set (expected: a certificate and its key, or a context of one's own)");
            }
            ClientAuth asked = clients;
            return new ServerTls(
                    new TlsContexts(
                            "server",
                            identity,
                            clientTrust,
                            credentials -> credentials.forServer().clientAuth(asked),
                            TlsEngine.provider(engine),
                            interval),
                    clearTextAllowed);
        }
    }
}
