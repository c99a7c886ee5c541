package io.streamx.spring;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/**
 * The key and the trust of an SSL bundle as factories whose managers ask the bundle as it is now: a handshake after an update
 * of the bundle uses what the update brought, and connections that are there go on. Safe from any thread.
 */
final class ReloadedCredentials {
    private static final Provider PROVIDER = new BundleProvider();
    private final String bundle;
    private volatile Generations generations;

    /**
     * The managers of one state of the bundle.
     *
     * @param keys null where the bundle has no key
     */
    private record Generation(int number, @Nullable X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

    /** A handshake that chose its key just before an update finds that key in {@code previous}. */
    private record Generations(Generation current, @Nullable Generation previous) {}

    ReloadedCredentials(String bundle, SslBundle content) {
        this.bundle = bundle;
        generations = new Generations(generation(0, content), null);
    }

    /** Uses another state of the bundle from now on. */
    synchronized void update(SslBundle content) {
        Generation current = generations.current();
        generations = new Generations(generation(current.number() + 1, content), current);
    }

    boolean hasKey() {
        return generations.current().keys() != null;
    }

    /** The key of the bundle; only where {@link #hasKey} says that there is one. */
    KeyManagerFactory keys() {
        return new Keys(new BundleKeyManager());
    }

    /** Whom the bundle believes. */
    TrustManagerFactory trust() {
        return new Trusts(new BundleTrustManager());
    }

    private Generation generation(int number, SslBundle content) {
        X509ExtendedKeyManager keys = content.getStores().getKeyStore() == null
                ? null
                : only(X509ExtendedKeyManager.class, content.getManagers().getKeyManagers());
        return new Generation(
                number,
                keys,
                only(X509ExtendedTrustManager.class, content.getManagers().getTrustManagers()));
    }

    private <T> T only(Class<T> type, Object[] managers) {
        return Arrays.stream(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new StreamXSetupException(
                        "SSL bundle '" + bundle + "' has no " + type.getSimpleName() + ".",
                        "Use a bundle of X.509 certificates (spring.ssl.bundle.pem or spring.ssl.bundle.jks)."));
    }

    /** Names each key with the number of the state it is from. */
    private final class BundleKeyManager extends X509ExtendedKeyManager {
        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return named(keys().getClientAliases(keyType, issuers));
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return named(generations.current(), keys().chooseClientAlias(keyType, issuers, socket));
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            Generation now = generations.current();
            return named(now, keys(now).chooseEngineClientAlias(keyType, issuers, engine));
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return named(keys().getServerAliases(keyType, issuers));
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return named(generations.current(), keys().chooseServerAlias(keyType, issuers, socket));
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            Generation now = generations.current();
            return named(now, keys(now).chooseEngineServerAlias(keyType, issuers, engine));
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            Generation of = generationOf(alias);
            return of == null ? null : keys(of).getCertificateChain(nameOf(alias));
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            Generation of = generationOf(alias);
            return of == null ? null : keys(of).getPrivateKey(nameOf(alias));
        }

        private X509ExtendedKeyManager keys() {
            return keys(generations.current());
        }

        private X509ExtendedKeyManager keys(Generation of) {
            X509ExtendedKeyManager keys = of.keys();
            if (keys == null) {
                throw new IllegalStateException("SSL bundle '" + bundle + "' was updated and has no key any more");
            }
            return keys;
        }

        private String @Nullable [] named(String @Nullable [] aliases) {
            Generation now = generations.current();
            return aliases == null
                    ? null
                    : Arrays.stream(aliases)
                            .map(alias -> now.number() + "/" + alias)
                            .toArray(String[]::new);
        }

        private @Nullable String named(Generation of, @Nullable String alias) {
            return alias == null ? null : of.number() + "/" + alias;
        }

        private @Nullable Generation generationOf(String alias) {
            Generations all = generations;
            int slash = alias.indexOf('/');
            String number = slash < 0 ? "" : alias.substring(0, slash);
            if (number.equals(String.valueOf(all.current().number()))) {
                return all.current();
            }
            Generation previous = all.previous();
            return previous != null && number.equals(String.valueOf(previous.number())) ? previous : null;
        }

        private String nameOf(String alias) {
            return alias.substring(alias.indexOf('/') + 1);
        }
    }

    private final class BundleTrustManager extends X509ExtendedTrustManager {
        private X509ExtendedTrustManager now() {
            return generations.current().trust();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            now().checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            now().checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            now().checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            now().checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            now().checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            now().checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return now().getAcceptedIssuers();
        }
    }

    /** A factory has to name a provider; it is registered nowhere. */
    private static final class BundleProvider extends Provider {
        BundleProvider() {
            super("streamx-ssl-bundle", "1", "managers of SSL bundles");
        }
    }

    private static final class Keys extends KeyManagerFactory {
        Keys(KeyManager manager) {
            super(
                    new KeyManagerFactorySpi() {
                        @Override
                        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected KeyManager[] engineGetKeyManagers() {
                            return new KeyManager[] {manager};
                        }
                    },
                    PROVIDER,
                    "SSL bundle");
        }
    }

    private static final class Trusts extends TrustManagerFactory {
        Trusts(TrustManager manager) {
            super(
                    new TrustManagerFactorySpi() {
                        @Override
                        protected void engineInit(@Nullable KeyStore store) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected TrustManager[] engineGetTrustManagers() {
                            return new TrustManager[] {manager};
                        }
                    },
                    PROVIDER,
                    "SSL bundle");
        }
    }
}
