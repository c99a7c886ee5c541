package io.streamx.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and settings that are wrong in every way there is: named where they are set, with what was expected. */
class TlsFilesTest {
    /** As openssl pkcs8 -topk8 of OpenSSL 3 writes it; the password is "sesame". */
    private static final String PBES2_OF_OPENSSL = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiaDAcY8Z/RswICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEALKfuWKSgDTD+sGHxl+9AcEgZAf
            DsNpvYQRAlc9cHFknlnQ1AWzK2KkgWY8mtSwA4Mmkq7SnEosWUcnVXOzyPcCsGma
            14zloOIm+t1ZOspU4CYMH1GlTC9t05LokG9diFdRwURowWRdGmyPEk8x6Typ2D3C
            AX12J7T6g13/6XBzVWz8vDqPZ/fOlzXmR1Aeylo2GrSihh6e6ePesG5ydEa4aP4=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    /** The same of older ones. */
    private static final String PBES1_OF_OPENSSL = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGxMBwGCiqGSIb3DQEMAQMwDgQI51tuHkH6WX0CAggABIGQD5UT9eGmKKEEwJN2
            buULFg3t0928Pg23pDBsI+UodbEjzKy2m/ts5BcyBuWftm6JO5ss4Y0kzB0tC15p
            /lWbF4ye2CvS/NpzQv1pQcV4slyX3CcFM5js9jQngogTY0qYbLYl8Nknb6y+Bu45
            1Tijkiyc5ym3dNQkEOG3RmnY/ms3gBYsKQ7Z3FHyicNIuSzD
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    @TempDir
    Path directory;

    private CertificateAuthority authority;
    private Issued localhost;

    @BeforeEach
    void issue() throws Exception {
        authority = new CertificateAuthority(directory, "authority");
        localhost = authority.server("localhost");
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private PrivateKey key(String pem, String password) throws Exception {
        Path file = file("some.key", pem);
        return Pem.privateKey(new PemSource.OfFile(file), Files.readAllBytes(file), password);
    }

    private static String pem(String resource) throws Exception {
        try (InputStream in = Objects.requireNonNull(TlsFilesTest.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void missingFilesAreNamed() {
        Path missing = directory.resolve("missing.pem");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.of(missing, localhost.key()))
                .withMessage("certificate file '" + missing + "' does not exist (expected: a PEM file)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.of(localhost.chain(), missing))
                .withMessage("key file '" + missing + "' does not exist (expected: a PEM file)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientTls.trusting(missing))
                .withMessage("trust file '" + missing + "' does not exist (expected: a PEM file)");
    }

    @Test
    void directoryIsNoFile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientTls.trusting(directory))
                .withMessageStartingWith("trust file '" + directory + "' cannot be read");
    }

    @Test
    void fileWithoutCertificateIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.of(localhost.key(), localhost.key()))
                .withMessage("certificate file '" + localhost.key()
                        + "' holds no certificate (expected: -----BEGIN CERTIFICATE----- blocks)");
    }

    @Test
    void fileThatIsCutOffIsNamed() throws Exception {
        String pem = Files.readString(localhost.chain());
        Path cut = file("cut.pem", pem.substring(0, pem.indexOf("-----END")));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.of(cut, localhost.key()))
                .withMessage("certificate file '" + cut
                        + "' ends within a block 'CERTIFICATE' (expected: -----END CERTIFICATE-----)");
    }

    @Test
    void certificateThatCannotBeDecodedIsCounted() throws Exception {
        Path broken = file(
                "broken.pem",
                Files.readString(localhost.chain()) + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientTls.trusting(broken))
                .withMessageStartingWith("trust file '" + broken + "': certificate ")
                .withMessageContaining("cannot be decoded");
    }

    @Test
    void fileWithoutKeyIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.of(localhost.chain(), localhost.chain()))
                .withMessage("key file '" + localhost.chain()
                        + "' holds no private key (expected: -----BEGIN PRIVATE KEY----- or one of the older"
                        + " forms: PRIVATE KEY, ENCRYPTED PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY)");
    }

    @ParameterizedTest
    @CsvSource({
        "ec.sec1.pem, ec.pkcs8.pem",
        "ec.sec1-curve-in-front.pem, ec.pkcs8.pem",
        "ec.sec1-aes256.pem, ec.pkcs8.pem",
        "ec.sec1-des3.pem, ec.pkcs8.pem",
        "rsa.pkcs1.pem, rsa.pkcs8.pem",
        "rsa.pkcs1-aes128.pem, rsa.pkcs8.pem"
    })
    void keysOfOlderFormsAreReadAsTheyAre(String older, String pkcs8) throws Exception {
        assertThat(secret(key(pem(older), "sesame"))).isEqualTo(secret(key(pem(pkcs8), null)));
    }

    /** What the key is, whatever else was written beside it. */
    private static BigInteger secret(PrivateKey key) {
        return key instanceof ECPrivateKey curved ? curved.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec.sec1-aes256.pem", "ec.sec1-des3.pem", "rsa.pkcs1-aes128.pem"})
    void wrongOrMissingPasswordOfAnOlderFormIsTold(String older) throws Exception {
        String pem = pem(older);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(pem, "simsalabim"))
                .withMessageContaining("some.key' cannot be decrypted with the password that was set")
                .withMessageNotContaining("simsalabim");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(pem, null))
                .withMessageContaining("is encrypted and no password was set");
    }

    @Test
    void cipherOfAnOlderFormThatIsNotKnownIsNamed() throws Exception {
        String pem = pem("ec.sec1-aes256.pem").replace("AES-256-CBC", "RC2-CBC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(pem, "sesame"))
                .withMessageContaining("RC2-CBC")
                .withMessageContaining("AES-256-CBC, DES-EDE3-CBC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY"})
    void bytesThatAreNoKeyOfAnOlderFormAreTold(String form) {
        for (String bytes : new String[] {"", "AAAA", "MAA=", "MIT/////", "MIID", "MAOgAwIB"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            key("-----BEGIN " + form + "-----\n" + bytes + "\n-----END " + form + "-----\n", null))
                    .withMessageContaining("cannot be decoded");
        }
    }

    @Test
    void keyOfAnUnknownFormIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        key("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", null))
                .withMessageContaining("holds a key of the form 'OPENSSH PRIVATE KEY'")
                .withMessageContaining("PKCS#8, PKCS#1 or SEC1");
    }

    @Test
    void textsAtHandAndStreamsDoAsFilesDo() throws Exception {
        byte[] chain = Files.readAllBytes(localhost.chain());
        byte[] key = Files.readAllBytes(localhost.key());
        byte[] root = Files.readAllBytes(authority.root());

        assertThatCode(() -> ServerTls.of(chain, key)).doesNotThrowAnyException();
        assertThatCode(() -> ClientTls.trusting(root)).doesNotThrowAnyException();
        assertThatCode(() -> ServerTls.builder()
                        .identity(new ByteArrayInputStream(chain), new ByteArrayInputStream(key))
                        .requireClientCertificates(new ByteArrayInputStream(root))
                        .build())
                .doesNotThrowAnyException();
        assertThatCode(() -> ClientTls.builder()
                        .trust(new ByteArrayInputStream(root))
                        .identity(new ByteArrayInputStream(chain), new ByteArrayInputStream(key))
                        .build())
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.of(key, key))
                .withMessageStartingWith("certificate given as bytes holds no certificate");
        assertThatIllegalStateException()
                .isThrownBy(() -> ServerTls.of(chain, key).reload())
                .withMessageStartingWith("there is nothing to reload");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder()
                        .identity(chain, PBES2_OF_OPENSSL.getBytes(StandardCharsets.US_ASCII), "sesame")
                        .build())
                .withMessageStartingWith("key given as bytes does not belong to the certificate of");
    }

    @Test
    void keysAreReadAsOpensslEncryptsThem() throws Exception {
        assertThat(key(PBES2_OF_OPENSSL, "sesame")).isEqualTo(key(PBES1_OF_OPENSSL, "sesame"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PBES2_OF_OPENSSL, PBES1_OF_OPENSSL})
    void wrongPasswordIsToldWithoutIt(String pem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(pem, "simsalabim"))
                .withMessageContaining("some.key' cannot be decrypted with the password that was set")
                .withMessageNotContaining("simsalabim");
    }

    @Test
    void encryptedKeyNeedsAPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(PBES2_OF_OPENSSL, null))
                .withMessageContaining("is encrypted and no password was set");
    }

    @Test
    void keyOfAnotherCertificateIsTold() throws Exception {
        Issued other = authority.server("other");
        Issued rsa = authority.issue("rsa", new CertificateBuilder().rsa2048());

        for (Path key : new Path[] {other.key(), rsa.key()}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ServerTls.of(localhost.chain(), key))
                    .withMessage(
                            "key file '" + key + "' does not belong to the certificate of 'CN=server localhost', file '"
                                    + localhost.chain()
                                    + "' (expected: the private key of the first certificate there)");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CertificateBuilder.Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
    void keysOfTheUsualKindsBelongToTheirCertificates(CertificateBuilder.Algorithm algorithm) throws Exception {
        Issued issued = authority.issue("some", new CertificateBuilder().algorithm(algorithm));

        assertThatCode(() -> ServerTls.builder()
                        .engine(TlsEngine.JDK)
                        .identity(issued.chain(), issued.key())
                        .build())
                .doesNotThrowAnyException();
    }

    @Test
    void settingsThatExcludeEachOtherAreRefused() throws Exception {
        var clientContext = SslContextBuilder.forClient().build();
        var serverContext = SslContextBuilder.forServer(
                        localhost.chain().toFile(), localhost.key().toFile())
                .build();

        assertThatIllegalStateException()
                .isThrownBy(() -> ServerTls.builder().build())
                .withMessageStartingWith("no identity was set");
        assertThatIllegalStateException()
                .isThrownBy(() -> ServerTls.builder()
                        .context(serverContext)
                        .identity(localhost.chain(), localhost.key())
                        .build())
                .withMessageStartingWith("a context of one's own was set beside identity");
        assertThatIllegalStateException()
                .isThrownBy(() -> ClientTls.builder()
                        .context(clientContext)
                        .trust(authority.root())
                        .build())
                .withMessageStartingWith("a context of one's own was set beside trust");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        ClientTls.builder().reloadEvery(Duration.ofMinutes(1)).build())
                .withMessageStartingWith("reloadEvery was set and no files");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder().context(clientContext))
                .withMessageStartingWith("context: one of a client");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientTls.builder().context(serverContext))
                .withMessageStartingWith("context: one of a server");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder().reloadEvery(Duration.ZERO))
                .withMessage("reloadEvery: PT0S (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientTls.builder().serverName("localhost:443"))
                .withMessage("serverName: 'localhost:443' (expected: a host name without port)");
    }

    @Test
    void nothingToReloadIsTold() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ClientTls.systemTrust().reload())
                .withMessageStartingWith("there is nothing to reload");
    }

    @Test
    void refusalOfACertificateNeedsNoOpenssl() throws Exception {
        X509Certificate expired = authority.expiredServer("localhost").bundle().getCertificate();
        ExplainingTrustManager manager = new ExplainingTrustManager(
                (X509ExtendedTrustManager) authority.bundle().toTrustManager(), "server");

        assertThatThrownBy(() -> manager.checkServerTrusted(new X509Certificate[] {expired}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class)
                .hasMessageStartingWith("the server's certificate 'CN=expired server localhost' is not valid now");
    }

    /** This module's tests have no tcnative. */
    @Test
    void engineThatIsNotThereNamesTheArtifactToAdd() {
        assertThatThrownBy(() -> ClientTls.builder().engine(TlsEngine.OPENSSL).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("io.netty:netty-tcnative-boringssl-static on the class path");
    }
}
