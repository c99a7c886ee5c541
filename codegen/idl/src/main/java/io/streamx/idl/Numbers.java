package io.streamx.idl;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbers of Thrift as thriftgo spells them. */
final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]++");
    private static final Pattern HEX = Pattern.compile("0x[0-9A-Fa-f]++");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]++|[+-]?0[0-7]++");
    private static final Pattern DOUBLE =
            Pattern.compile("[+-]?(?:[0-9]*+\\.[0-9]++(?:[eE][+-]?[0-9]++)?|[0-9]++[eE][+-]?[0-9]++)");
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");

    /** More digits than any 64-bit number has, in any base: longer ones are out of range without converting them. */
    private static final int ENOUGH_DIGITS = 24;

    private static final BigInteger BEYOND = BigInteger.ONE.shiftLeft(80);

    private Numbers() {}

    static boolean isDouble(String text) {
        return DOUBLE.matcher(text).matches();
    }

    /** A decimal, hexadecimal or octal number of any size, or null if it is none; {@code 010} is eight. */
    static @Nullable BigInteger integer(String text) {
        if (HEX.matcher(text).matches()) {
            return convert(text.substring(2), 16, false);
        }
        if (OCTAL.matcher(text).matches()) {
            return text.startsWith("0o") ? convert(text.substring(2), 8, false) : signed(text, 8);
        }
        String digits = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        boolean badOctal = digits.length() > 1 && digits.charAt(0) == '0';
        return DECIMAL.matcher(text).matches() && !badOctal ? signed(text, 10) : null;
    }

    /** A decimal number of any size, or null if it is none; {@code 010} is ten. */
    static @Nullable BigInteger decimal(String text) {
        return DECIMAL.matcher(text).matches() ? signed(text, 10) : null;
    }

    private static BigInteger signed(String text, int radix) {
        boolean hasSign = text.charAt(0) == '+' || text.charAt(0) == '-';
        return convert(hasSign ? text.substring(1) : text, radix, text.charAt(0) == '-');
    }

    private static BigInteger convert(String digits, int radix, boolean negative) {
        String significant = LEADING_ZEROS.matcher(digits).replaceFirst("");
        BigInteger value = significant.length() > ENOUGH_DIGITS ? BEYOND : new BigInteger(significant, radix);
        return negative ? value.negate() : value;
    }

    /** Whether it fits a two's complement number of that many bits. */
    static boolean fits(BigInteger value, int bits) {
        return value.bitLength() < bits;
    }
}
