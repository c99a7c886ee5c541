package io.streamx.tls;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity and a trust as they were when their PEM texts were read. Immutable.
 *
 * @param chain the own certificates; empty where they are not from PEM
 * @param key the private key of the first of them
 * @param keys the factory that has the certificates and the key where they are not from a file
 * @param trust decides on the peer's certificate; null when nobody asks for one
 */
record Credentials(
        List<X509Certificate> chain,
        @Nullable PrivateKey key,
        @Nullable KeyManagerFactory keys,
        @Nullable TrustManagerFactory trust) {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
    private static final String CHAIN = "certificate";
    private static final String ROOTS = "trust";

    /** The content of all PEM texts as it is now. */
    static Map<PemSource, byte[]> read(@Nullable Identity identity, @Nullable Trust trust) {
        Map<PemSource, byte[]> contents = new LinkedHashMap<>();
        if (identity instanceof Identity.Pems pems) {
            contents.put(pems.chain(), pems.chain().read(CHAIN));
            contents.computeIfAbsent(pems.key(), key -> key.read("key"));
        }
        if (trust instanceof Trust.Pems pems) {
            contents.computeIfAbsent(pems.roots(), roots -> roots.read(ROOTS));
        }
        return contents;
    }

    /**
     * Makes credentials of the content that {@link #read} has returned.
     *
     * @throws IllegalArgumentException naming the text that is wrong and how
     */
    static Credentials of(@Nullable Identity identity, @Nullable Trust trust, Map<PemSource, byte[]> contents) {
        List<X509Certificate> chain = List.of();
        PrivateKey key = null;
        KeyManagerFactory keys = null;
        switch (identity) {
            case Identity.Pems pems -> {
                chain = Pem.certificates(CHAIN, pems.chain(), contents.getOrDefault(pems.chain(), new byte[0]));
                key = Pem.privateKey(pems.key(), contents.getOrDefault(pems.key(), new byte[0]), pems.password());
                checkBelong(pems, chain.getFirst(), key);
            }
            case Identity.Factory factory -> keys = factory.factory();
            case null -> {}
        }
        TrustManagerFactory trustFactory = switch (trust) {
            case Trust.Pems pems ->
                trusting(Pem.certificates(ROOTS, pems.roots(), contents.getOrDefault(pems.roots(), new byte[0])));
            case Trust.Factory factory -> factory.factory();
            case Trust.OfSystem system -> initialised(null);
            case null -> null;
        };
        return new Credentials(chain, key, keys, trustFactory);
    }

    private static void checkBelong(Identity.Pems pems, X509Certificate certificate, PrivateKey key) {
        if (!belong(certificate.getPublicKey(), key)) {
            throw new IllegalArgumentException("key " + pems.key() + " does not belong to the certificate of '"
                    + Certificates.name(certificate) + "', " + pems.chain()
                    + " (expected: the private key of the first certificate there)");
        }
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            // The certificate is used all the same: peers will refuse it and say so, and there may be no other until
            // the next reload.
            LOG.warn(
                    "certificate of '{}', {}, is not valid now (expected: a time from {} to {})",
                    Certificates.name(certificate),
                    pems.chain(),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }
    }

    /** Whether the two keys belong together, which is found out by signing with one and verifying with the other. */
    private static boolean belong(PublicKey publicKey, PrivateKey key) {
        if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return true;
        }
        try {
            byte[] text = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static TrustManagerFactory trusting(List<X509Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("root " + i, roots.get(i));
            }
            return initialised(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot hold trusted certificates: " + e.getMessage(), e);
        }
    }

    private static TrustManagerFactory initialised(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK's trust store cannot be used: " + e.getMessage(), e);
        }
    }

    /** Begins a server's context. */
    SslContextBuilder forServer() {
        if (key != null) {
            return trusting(SslContextBuilder.forServer(new OneIdentity(chain, key)), "client");
        }
        return trusting(SslContextBuilder.forServer(Objects.requireNonNull(keys, "keys")), "client");
    }

    /** Begins a client's context. */
    SslContextBuilder forClient() {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (key != null) {
            builder.keyManager(new OneIdentity(chain, key));
        } else if (keys != null) {
            builder.keyManager(keys);
        }
        return trusting(builder, "server");
    }

    private SslContextBuilder trusting(SslContextBuilder builder, String peer) {
        if (trust != null) {
            X509ExtendedTrustManager known = extended(trust);
            if (known != null) {
                builder.trustManager(new ExplainingTrustManager(known, peer));
            } else {
                builder.trustManager(trust);
            }
        }
        return builder;
    }

    private static @Nullable X509ExtendedTrustManager extended(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager known) {
                return known;
            }
        }
        return null;
    }
}
