package io.streamx.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * Certificates and keys from PEM texts, as RFC 7468 has them, and keys of the forms that came before it. All errors are
 * {@link IllegalArgumentException}s that name the source.
 */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String CURVE = "EC PARAMETERS";
    private static final byte DER_SEQUENCE = 0x30;
    private static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";
    private static final String KEY_LABELS = String.join(", ", List.of(PKCS8, ENCRYPTED_PKCS8, PKCS1, SEC1));
    /** The object identifier of PBES2, by which some JDKs call it. */
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    /** One block of a text: what follows BEGIN, the lines of headers that keys of old have, and the bytes. */
    private static final class Block {
        private final String label;
        private final String headers;
        private final byte[] bytes;

        Block(String label, String headers, byte[] bytes) {
            this.label = label;
            this.headers = headers;
            this.bytes = bytes;
        }
    }

    private Pem() {}

    /** All certificates of a file, in its order; at least one. */
    static List<X509Certificate> certificates(String what, PemSource source, byte[] content) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(what, source, content)) {
            if (block.label.equals("CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes)));
                } catch (CertificateException e) {
                    throw new IllegalArgumentException(
                            what + " " + source + ": certificate " + (certificates.size() + 1) + " cannot be decoded: "
                                    + e.getMessage() + " (expected: X.509)",
                            e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    what + " " + source + " holds no certificate (expected: -----BEGIN CERTIFICATE----- blocks)");
        }
        return List.copyOf(certificates);
    }

    /** The first private key of a text; the password is not needed when it is not encrypted. */
    static PrivateKey privateKey(PemSource source, byte[] content, @Nullable String password) {
        // OpenSSL writes the curve in front of a key of its older form.
        byte[] curve = null;
        for (Block block : blocks("key", source, content)) {
            switch (block.label) {
                case CURVE -> curve = block.bytes;
                case PKCS8 -> {
                    return privateKey(source, new PKCS8EncodedKeySpec(block.bytes));
                }
                case ENCRYPTED_PKCS8 -> {
                    return privateKey(source, decrypted(source, block.bytes, password));
                }
                case PKCS1, SEC1 -> {
                    return privateKey(source, wrapped(source, block, curve, password));
                }
                default -> {
                    if (block.label.endsWith(PKCS8)) {
                        throw new IllegalArgumentException("key " + source + " holds a key of the form '" + block.label
                                + "' (expected: PKCS#8, PKCS#1 or SEC1: " + KEY_LABELS + ")");
                    }
                }
            }
        }
        throw new IllegalArgumentException(
                "key " + source + " holds no private key (expected: -----BEGIN PRIVATE KEY----- or one of the older"
                        + " forms: " + KEY_LABELS + ")");
    }

    /** A PKCS#1 or SEC1 key as PKCS#8. */
    private static PKCS8EncodedKeySpec wrapped(
            PemSource source, Block block, byte @Nullable [] curve, @Nullable String password) {
        String info = LegacyPemEncryption.info(block.headers);
        byte[] key = info == null ? block.bytes : decryptedAsOnce(source, info, block.bytes, password);
        try {
            return new PKCS8EncodedKeySpec(
                    block.label.equals(PKCS1) ? PrivateKeyForms.ofPkcs1(key) : PrivateKeyForms.ofSec1(key, curve));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "key " + source + " holds an '" + block.label + "' that cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static byte[] decryptedAsOnce(PemSource source, String info, byte[] encrypted, @Nullable String password) {
        byte[] key;
        try {
            key = LegacyPemEncryption.decrypted(
                    info, encrypted, passwordOf(source, password).getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key " + source + " is encrypted: " + e.getMessage(), e);
        }
        // By chance a wrong password gives bytes that look as if they had been padded; they are no DER then.
        if (key == null || key.length == 0 || key[0] != DER_SEQUENCE) {
            throw wrongPassword(source, null);
        }
        return key;
    }

    private static String passwordOf(PemSource source, @Nullable String password) {
        if (password == null) {
            throw new IllegalArgumentException(
                    "key " + source + " is encrypted and no password was set (expected: its password)");
        }
        return password;
    }

    private static IllegalArgumentException wrongPassword(PemSource source, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "key " + source + " cannot be decrypted with the password that was set (expected: the password"
                        + " it was encrypted with)",
                cause);
    }

    private static PrivateKey privateKey(PemSource source, PKCS8EncodedKeySpec encoded) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // The key is not of this algorithm, and may be of the next.
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("key " + source + " cannot be used: " + e.getMessage(), e);
            }
        }
        throw new IllegalArgumentException("key " + source + " holds a key that cannot be decoded (expected: one of "
                + String.join(", ", KEY_ALGORITHMS) + ")");
    }

    private static PKCS8EncodedKeySpec decrypted(PemSource source, byte[] encrypted, @Nullable String password) {
        char[] secretText = passwordOf(source, password).toCharArray();
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(encrypted);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "key " + source + " holds an encrypted key that cannot be decoded: " + e.getMessage(), e);
        }
        Cipher cipher;
        try {
            AlgorithmParameters parameters = info.getAlgParameters();
            String name = info.getAlgName();
            // For PBES2 the algorithm is in the parameters, and the JDK tells the algorithm only as the text of the
            // parameters.
            String algorithm =
                    parameters != null && (name.equals("PBES2") || name.equals(PBES2)) ? parameters.toString() : name;
            SecretKey secret = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(secretText));
            cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "key " + source + " is encrypted in a way this JDK does not know: " + e.getMessage()
                            + " (expected: PBES2, as 'openssl pkcs8 -topk8' does it)",
                    e);
        }
        try {
            return info.getKeySpec(cipher);
        } catch (InvalidKeySpecException e) {
            throw wrongPassword(source, e);
        }
    }

    private static List<Block> blocks(String what, PemSource source, byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                throw new IllegalArgumentException(what + " " + source + " ends within a block '" + label
                        + "' (expected: -----END " + label + "-----)");
            }
            try {
                String body = text.substring(labelEnd + DASHES.length(), end);
                // Headers end with the last line that has a colon, which is no character of Base64.
                int bodyBegin = body.indexOf('\n', body.lastIndexOf(':')) + 1;
                int headersEnd = body.indexOf(':') < 0 ? 0 : bodyBegin == 0 ? body.length() : bodyBegin;
                blocks.add(new Block(
                        label,
                        body.substring(0, headersEnd),
                        Base64.getMimeDecoder().decode(body.substring(headersEnd))));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        what + " " + source + " has a block '" + label + "' that is not Base64: " + e.getMessage(), e);
            }
            begin = text.indexOf(BEGIN, end);
        }
        return blocks;
    }
}
