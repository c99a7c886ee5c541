package io.streamx.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys from PEM files, as RFC 7468 has them. All errors are {@link IllegalArgumentException}s that name
 * the file.
 */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";
    /** The object identifier of PBES2, by which some JDKs name that algorithm. */
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    /** One block of a file: what follows BEGIN, and the bytes. */
    private static final class Block {
        private final String label;
        private final byte[] bytes;

        Block(String label, byte[] bytes) {
            this.label = label;
            this.bytes = bytes;
        }
    }

    private Pem() {}

    /** The bytes of a file; {@code what} says what it is to hold. */
    static byte[] read(String what, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(what + " file '" + file + "' does not exist (expected: a PEM file)", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    what + " file '" + file + "' cannot be read: " + e + " (expected: a readable PEM file)", e);
        }
    }

    /** All certificates of a file, in its order; at least one. */
    static List<X509Certificate> certificates(String what, Path file, byte[] content) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(what, file, content)) {
            if (block.label.equals("CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes)));
                } catch (CertificateException e) {
                    throw new IllegalArgumentException(
                            what + " file '" + file + "': certificate " + (certificates.size() + 1)
                                    + " cannot be decoded: " + e.getMessage() + " (expected: X.509)",
                            e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    what + " file '" + file + "' holds no certificate (expected: -----BEGIN CERTIFICATE----- blocks)");
        }
        return List.copyOf(certificates);
    }

    /** The first private key of a file; the password is not needed when it is not encrypted. */
    static PrivateKey privateKey(Path file, byte[] content, @Nullable String password) {
        for (Block block : blocks("key", file, content)) {
            if (block.label.equals(PKCS8)) {
                return privateKey(file, new PKCS8EncodedKeySpec(block.bytes));
            }
            if (block.label.equals(ENCRYPTED_PKCS8)) {
                return privateKey(file, decrypted(file, block.bytes, password));
            }
            if (block.label.endsWith(PKCS8)) {
                throw new IllegalArgumentException(
                        "key file '" + file + "' holds a key of the form '" + block.label
                                + "' (expected: PKCS#8, -----BEGIN PRIVATE KEY-----; 'openssl pkcs8 -topk8 -nodes' makes it so)");
            }
        }
        throw new IllegalArgumentException(
                "key file '" + file + "' holds no private key (expected: PKCS#8, -----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey privateKey(Path file, PKCS8EncodedKeySpec encoded) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // The key is not of this algorithm, and may be of the next.
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("key file '" + file + "' cannot be used: " + e.getMessage(), e);
            }
        }
        throw new IllegalArgumentException("key file '" + file
                + "' holds a key that cannot be decoded (expected: one of " + String.join(", ", KEY_ALGORITHMS) + ")");
    }

    private static PKCS8EncodedKeySpec decrypted(Path file, byte[] encrypted, @Nullable String password) {
        if (password == null) {
            throw new IllegalArgumentException(
                    "key file '" + file + "' is encrypted and no password was set (expected: its password)");
        }
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(encrypted);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "key file '" + file + "' holds an encrypted key that cannot be decoded: " + e.getMessage(), e);
        }
        Cipher cipher;
        try {
            AlgorithmParameters parameters = info.getAlgParameters();
            String name = info.getAlgName();
            // For PBES2 the algorithm is in the parameters, and the JDK tells the algorithm only as the text of the
            // parameters.
            String algorithm =
                    parameters != null && (name.equals("PBES2") || name.equals(PBES2)) ? parameters.toString() : name;
            SecretKey secret =
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray()));
            cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "key file '" + file + "' is encrypted in a way this JDK does not know: " + e.getMessage()
                            + " (expected: PBES2, as 'openssl pkcs8 -topk8' does it)",
                    e);
        }
        try {
            return info.getKeySpec(cipher);
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException(
                    "key file '" + file + "' cannot be decrypted with the password that was set (expected: the password"
                            + " it was encrypted with)",
                    e);
        }
    }

    private static List<Block> blocks(String what, Path file, byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                throw new IllegalArgumentException(what + " file '" + file + "' ends within a block '" + label
                        + "' (expected: -----END " + label + "-----)");
            }
            try {
                String base64 = text.substring(labelEnd + DASHES.length(), end);
                // Blocks with headers of their own, as old keys have them, are named to the user, not decoded.
                byte[] bytes = base64.indexOf(':') >= 0
                        ? new byte[0]
                        : Base64.getMimeDecoder().decode(base64);
                blocks.add(new Block(label, bytes));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        what + " file '" + file + "' has a block '" + label + "' that is not Base64: " + e.getMessage(),
                        e);
            }
            begin = text.indexOf(BEGIN, end);
        }
        return blocks;
    }
}
