package io.streamx.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A made-up authority that issues certificates into a directory. */
public final class CertificateAuthority {
    private final X509Bundle root;
    private final Path directory;

    /** A certificate chain and its key, in PEM files and in memory. */
    public record Issued(Path chain, Path key, X509Bundle bundle) {
        /** Writes them where another one's files are, the key last. */
        public void replace(Issued other) throws IOException {
            Files.copy(chain, other.chain, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(key, other.key, StandardCopyOption.REPLACE_EXISTING);
        }

        /** The key in a file of its own, encrypted with that password. */
        public Path encryptedKey(String password) throws IOException, GeneralSecurityException {
            String algorithm = "PBEWithHmacSHA256AndAES_256";
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())));
            // As openssl names it; the cipher's own parameters have no name that a file could hold.
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
            parameters.init(cipher.getParameters().getEncoded());
            byte[] encrypted = new EncryptedPrivateKeyInfo(
                            parameters,
                            cipher.doFinal(bundle.getKeyPair().getPrivate().getEncoded()))
                    .getEncoded();
            return Files.writeString(
                    key.resolveSibling(key.getFileName() + ".encrypted"),
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(encrypted)
                            + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
        }
    }

    /** An authority of that name; its files go into the directory. */
    public CertificateAuthority(Path directory, String name) throws Exception {
        this.directory = directory;
        root = new CertificateBuilder()
                .subject("CN=" + name)
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(root(), root.getCertificatePEM());
    }

    private String name() {
        return root.getCertificate().getSubjectX500Principal().getName().substring("CN=".length());
    }

    /** Its own certificate. */
    public Path root() {
        return directory.resolve(name() + ".pem");
    }

    /** Its own certificate and key. */
    public X509Bundle bundle() {
        return root;
    }

    /** For a server that is called by this name or IP address. */
    public Issued server(String host) throws Exception {
        return issue("server " + host, forHost(host));
    }

    /** The same, valid until yesterday. */
    public Issued expiredServer(String host) throws Exception {
        Instant now = Instant.now();
        return issue(
                "expired server " + host,
                forHost(host).notBefore(now.minus(Duration.ofDays(9))).notAfter(now.minus(Duration.ofDays(1))));
    }

    /** For a client of that name. */
    public Issued client(String name) throws Exception {
        return issue(name, new CertificateBuilder().ecp256().addExtendedKeyUsageClientAuth());
    }

    private static CertificateBuilder forHost(String host) {
        CertificateBuilder builder = new CertificateBuilder().ecp256().addExtendedKeyUsageServerAuth();
        return Character.isDigit(host.charAt(0)) ? builder.addSanIpAddress(host) : builder.addSanDnsName(host);
    }

    /** Issues what the builder describes to that common name. */
    public Issued issue(String name, CertificateBuilder builder) throws Exception {
        X509Bundle issued = builder.subject("CN=" + name).buildIssuedBy(root);
        String file = name() + " " + name;
        return new Issued(
                Files.writeString(directory.resolve(file + ".pem"), issued.getCertificatePathPEM()),
                Files.writeString(directory.resolve(file + ".key"), issued.getPrivateKeyPEM()),
                issued);
    }
}
