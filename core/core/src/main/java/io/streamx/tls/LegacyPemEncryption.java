package io.streamx.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keys encrypted as OpenSSL did before PKCS#8, with {@code Proc-Type: 4,ENCRYPTED} and {@code DEK-Info} in the PEM block.
 * The cipher's key is made of the password with one round of MD5, so such a file protects little; it is read because there
 * are many of them.
 *
 * <p>Source: RFC 1421 section 4.6.1 (the headers); OpenSSL's manual pages PEM_read_PrivateKey "PEM ENCRYPTION FORMAT" and
 * EVP_BytesToKey.
 */
final class LegacyPemEncryption {
    private static final String DEK_INFO = "DEK-Info:";
    private static final int SALT_BYTES = 8;

    /** A cipher of {@code DEK-Info} in the words of the JDK. */
    private record Algorithm(String transformation, String name, int keyBytes) {}

    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "AES-128-CBC", new Algorithm("AES/CBC/PKCS5Padding", "AES", 16),
            "AES-192-CBC", new Algorithm("AES/CBC/PKCS5Padding", "AES", 24),
            "AES-256-CBC", new Algorithm("AES/CBC/PKCS5Padding", "AES", 32),
            "DES-EDE3-CBC", new Algorithm("DESede/CBC/PKCS5Padding", "DESede", 24));

    private LegacyPemEncryption() {}

    /** The value of {@code DEK-Info} among a block's headers; null when the block is not encrypted so. */
    static @Nullable String info(String headers) {
        for (String line : headers.lines().toList()) {
            if (line.startsWith(DEK_INFO)) {
                return line.substring(DEK_INFO.length()).strip();
            }
        }
        return null;
    }

    /**
     * Decrypts a key.
     *
     * @param info the value of {@code DEK-Info}: the cipher, and its initialisation vector in hexadecimal digits
     * @return null when the password is not the right one
     * @throws IllegalArgumentException when the cipher is none of those known here
     */
    static byte @Nullable [] decrypted(String info, byte[] encrypted, byte[] password) {
        String[] parts = info.split(",", 2);
        Algorithm algorithm = ALGORITHMS.get(parts[0].strip().toUpperCase(Locale.ROOT));
        if (algorithm == null || parts.length < 2) {
            throw new IllegalArgumentException("DEK-Info '" + info + "' (expected: a cipher of "
                    + ALGORITHMS.keySet().stream().sorted().toList() + " and its initialisation vector)");
        }
        try {
            byte[] vector = HexFormat.of().parseHex(parts[1].strip());
            Cipher cipher = Cipher.getInstance(algorithm.transformation());
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key(password, vector, algorithm.keyBytes()), algorithm.name()),
                    new IvParameterSpec(vector));
            return cipher.doFinal(encrypted);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** Digests of the digest before, the password and the salt, until there are enough bytes. */
    private static byte[] key(byte[] password, byte[] vector, int length) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] salt = Arrays.copyOf(vector, SALT_BYTES);
        byte[] key = new byte[length];
        byte[] digest = {};
        for (int filled = 0; filled < length; filled += digest.length) {
            md5.update(digest);
            md5.update(password);
            digest = md5.digest(salt);
            System.arraycopy(digest, 0, key, filled, Math.min(digest.length, length - filled));
        }
        return key;
    }
}
